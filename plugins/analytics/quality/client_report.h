#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "sluice/contracts/media_taps.h"
#include "sluice/json.h"

/// What a client says of the media that it receives (`stats:report`). It is a claim: it adds what only the client can
/// see, and never replaces what the gateway has measured.
namespace sluice::analytics {

/// The names are those of W3C's webrtc-stats; counts are what was added since the last report, and durations are in
/// milliseconds. One stream of sound, that is being received now.
struct ReceivedAudio {
  std::optional<double> jitter_ms{};
  std::optional<double> jitter_buffer_ms{};  ///< jitterBufferDelay by jitterBufferEmittedCount: how long it waits there
  std::optional<double> total_samples_received{};
  std::optional<double> concealed_samples{};  ///< of these: made up, as nothing had come. Without the silent ones
};
BOOST_DESCRIBE_STRUCT(ReceivedAudio, (), (jitter_ms, jitter_buffer_ms, total_samples_received, concealed_samples))

/// One stream of pictures, that is being received now.
struct ReceivedVideo {
  std::optional<TrackSource> source{};
  std::optional<double> frame_width{};
  std::optional<double> frame_height{};
  std::optional<double> frames_per_second{};
  std::optional<double> freeze_count{};
  std::optional<double> total_freezes_duration_ms{};
};
BOOST_DESCRIBE_STRUCT(ReceivedVideo, (),
                      (source, frame_width, frame_height, frames_per_second, freeze_count, total_freezes_duration_ms))

struct ClientReport {
  static constexpr std::size_t kMostStreams = 64;
  static constexpr std::array<std::string_view, 2> kMayBeMissing{"audio", "video"};

  std::optional<double> interval_ms{};    ///< since the last report; missing: 5,000
  std::optional<double> round_trip_ms{};  ///< of the selected candidate pair; of several the worst
  std::vector<ReceivedAudio> audio{};
  std::vector<ReceivedVideo> video{};
};
BOOST_DESCRIBE_STRUCT(ClientReport, (), (interval_ms, round_trip_ms, audio, video))

/// Every number within its bounds, every list at most `kMostStreams` long: throws Error{invalid_payload} with the path
/// of the first that is not.
void demand_sane(const ClientReport& report);

/// What of a report is used.
struct ReportedQuality {
  std::optional<double> round_trip_ms{};
  std::optional<double> jitter_ms{};         ///< the worst of the sounds
  std::optional<double> jitter_buffer_ms{};  ///< the longest
  std::optional<double> concealed{};         ///< 0 to 1, of all sound
  std::optional<int> width{};                ///< of the largest video
  std::optional<int> height{};
  std::optional<double> frames_per_second{};  ///< of the largest video
  std::optional<double> camera_rate{};        ///< frames per second of the largest camera that moves
  std::optional<int> freezes{};               ///< of all videos
  std::optional<double> frozen{};             ///< 0 to 1: how much of the time the worst video stood still
};

/// @param report  a sane one
[[nodiscard]] ReportedQuality summarise(const ClientReport& report) noexcept;

}  // namespace sluice::analytics
