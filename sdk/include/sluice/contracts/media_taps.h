#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/contracts/rooms.h"
#include "sluice/json.h"
#include "sluice/taps.h"

/// The contract by which plugins reach the media of a room (recording, live streaming, captions). Provided by the
/// plugin that keeps the rooms.
/// @note Control thread only.
namespace sluice {

enum class TrackSource : std::uint8_t { mic, webcam, screen };
BOOST_DESCRIBE_ENUM(TrackSource, mic, webcam, screen)

/// One track that a participant sends into a room; a copy.
struct PublishedTrack {
  std::string producer_id;
  std::string participant_id;
  MediaKind kind = MediaKind::audio;
  TrackSource source = TrackSource::mic;  ///< audio of `screen` is the sound of what is shared
  bool paused = false;                    ///< by its sender or by a moderator
  std::string mime_type;                  ///< `video/VP8`
};

/// The service `sluice.media-taps`.
class MediaTaps {
 public:
  static constexpr std::string_view kService = "sluice.media-taps/1";

  virtual ~MediaTaps() = default;
  [[nodiscard]] virtual std::vector<PublishedTrack> tracks(Room& room) = 0;
  /// Throws Error: `not_found` (no such producer in this room), `unsupported`, `limit_exceeded`.
  [[nodiscard]] virtual std::unique_ptr<Tap> tap(Room& room, const TapOptions& options) = 0;
  /// Who leads the conversation; nullptr: nobody.
  [[nodiscard]] virtual Participant* dominant_speaker(Room& room) = 0;
};

// Events on the bus. References are valid during the call.

struct TrackPublished {
  static constexpr std::string_view kTopic = "sluice.media-taps/1:track-published";
  Room& room;
  const PublishedTrack& track;
};
/// Paused or resumed.
struct TrackChanged {
  static constexpr std::string_view kTopic = "sluice.media-taps/1:track-changed";
  Room& room;
  const PublishedTrack& track;
};
struct TrackEnded {
  static constexpr std::string_view kTopic = "sluice.media-taps/1:track-ended";
  Room& room;
  const PublishedTrack& track;
};
/// Somebody else leads the conversation.
struct SpeakerChanged {
  static constexpr std::string_view kTopic = "sluice.media-taps/1:speaker-changed";
  Room& room;
  std::string_view participant_id;  ///< empty: nobody
};

}  // namespace sluice
