#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/requests.h"
#include "sluice/json.h"
#include "sluice/time.h"
#include "stream_job.h"

/// A stream as clients see it: these structs as they are by REST, with camelCase names by events (`as_event`).
namespace sluice::livestream {

enum class StreamState : std::uint8_t {
  starting,  ///< nothing has come out yet
  live,
  restarting,  ///< its process has died, another one follows
  stopping,    ///< what waits is sent and said goodbye
  stopped      ///< can be watched to its end for a while
};
BOOST_DESCRIBE_ENUM(StreamState, starting, live, restarting, stopping, stopped)

struct HlsView {
  static constexpr bool kSnakeCase = true;
  std::string url;        ///< on the gateway: `/live/{room}/index.m3u8`
  std::string watch_url;  ///< a page that plays it
  bool low_latency = true;
};
BOOST_DESCRIBE_STRUCT(HlsView, (), (url, watch_url, low_latency))

struct TargetView {
  static constexpr bool kSnakeCase = true;
  std::string target_id;
  TargetType type = TargetType::rtmp;
  std::string name;
  std::string masked_rtmp_url;
  TargetState state = TargetState::connecting;
  std::optional<std::string> reason;  ///< why it is not live
  std::int64_t retry_in_ms = 0;
  std::int64_t bits_per_second = 0;
  std::int64_t bytes = 0;
  std::int64_t dropped_frames = 0;
  std::int64_t reconnects = 0;
};
BOOST_DESCRIBE_STRUCT(TargetView, (),
                      (target_id, type, name, masked_rtmp_url, state, reason, retry_in_ms, bits_per_second, bytes,
                       dropped_frames, reconnects))

struct ProgramView {
  static constexpr bool kSnakeCase = true;
  double frames_per_second = 0;
  std::int64_t frames = 0;
  std::int64_t dropped_frames = 0;
  bool overloaded = false;
  bool passthrough = false;
  std::int64_t video_bits_per_second = 0;
  std::int64_t audio_bits_per_second = 0;
  std::int64_t sources = 0;
  std::int64_t lost_packets = 0;
  std::int64_t recorded_bytes = 0;
};
BOOST_DESCRIBE_STRUCT(ProgramView, (),
                      (frames_per_second, frames, dropped_frames, overloaded, passthrough, video_bits_per_second,
                       audio_bits_per_second, sources, lost_packets, recorded_bytes))

/// For everybody in the room.
struct StreamSummary {
  static constexpr bool kSnakeCase = true;
  bool live = false;
  std::optional<std::string> stream_id;
  std::optional<std::string> started_at;  ///< ISO 8601
  std::int64_t viewers = 0;
  std::optional<HlsView> hls;
};
BOOST_DESCRIBE_STRUCT(StreamSummary, (), (live, stream_id, started_at, viewers, hls))

/// For who may stream.
struct StreamView : StreamSummary {
  static constexpr bool kSnakeCase = true;
  StreamState state = StreamState::starting;
  std::string room_id;
  std::string title;
  Layout layout = Layout::presentation;
  VideoMode video = VideoMode::compose;
  bool record = false;
  std::optional<std::string> started_by;
  std::int64_t peak_viewers = 0;
  std::int64_t viewers_in_all = 0;
  std::int64_t restarts = 0;           ///< of its process
  std::optional<std::string> problem;  ///< what is wrong beside the targets
  std::vector<TargetView> targets;
  ProgramView program;
};
BOOST_DESCRIBE_STRUCT(StreamView, (StreamSummary),
                      (state, room_id, title, layout, video, record, started_by, peak_viewers, viewers_in_all, restarts,
                       problem, targets, program))

/// The same with the names that events have.
[[nodiscard]] json::value camel_names(const json::value& value);
template <class View>
[[nodiscard]] json::value as_event(const View& view) {
  return camel_names(to_json(view));
}

}  // namespace sluice::livestream
