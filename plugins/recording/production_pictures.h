#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "production_track.h"
#include "sluice/media/coders.h"

namespace sluice::recording {

/// The pictures of one track, in step with the session. While nobody sees them they are not decoded: what may be needed
/// later is kept, from the last key frame on.
class PictureTrack {
 public:
  /// A camera that sends nothing for longer is shown as the name. A screen stays: what is shared may stand still.
  static constexpr MediaTime kStalled = std::chrono::seconds{5};
  /// What is kept undecoded; with more it is decoded.
  static constexpr std::size_t kMaxBacklogBytes = std::size_t{1} << 20;

  PictureTrack(TrackStream stream, const Timeline& timeline) : stream_{std::move(stream)}, timeline_{timeline} {}

  /// Reads what belongs before `until`, of the session.
  void advance(MediaTime until);
  /// Its sender has switched it off: what it has shown is over.
  void forget();
  /// Whether there is something to show at `now`, of the session.
  [[nodiscard]] bool has_picture(MediaTime now) const;
  /// The newest picture, upright, if there is one since the last call. Nothing that was sent in a pause.
  [[nodiscard]] std::optional<media::VideoFrame> take_picture();

 private:
  void decode_backlog();
  void decode(const media::Packet& packet);

  TrackStream stream_;
  const Timeline& timeline_;
  std::optional<media::VideoDecoder> decoder_;
  bool undecodable_ = false;
  std::deque<media::Packet> backlog_;
  std::size_t backlog_bytes_ = 0;
  std::optional<MediaTime> last_;  // frame that can be shown, of the session
  std::optional<media::VideoFrame> picture_;
};

}  // namespace sluice::recording
