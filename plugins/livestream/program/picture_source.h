#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "program/live_track.h"
#include "sluice/media/coders.h"

namespace sluice::livestream {

/// The pictures of one track, each from the moment on in which it is due. While nobody sees them they are not decoded:
/// what is needed to go on is kept, from the last key frame on, as long as that is little.
class PictureSource {
 public:
  /// A camera that sends nothing for longer is shown as the name. A screen stays: what is shared may stand still.
  static constexpr MediaTime kStalled = std::chrono::seconds{5};
  /// Undecoded; with more, decoding goes on at the next key frame.
  static constexpr std::size_t kMaxBacklogBytes = std::size_t{2} << 20;
  static constexpr std::size_t kMaxBacklogFrames = 300;
  /// That are not due yet; with more, the first ones are.
  static constexpr std::size_t kMaxWaiting = 240;

  explicit PictureSource(LiveTrack track) : track_{std::move(track)} {}

  void insert(const FeedPacket& packet, const ProgramClock& clock) { track_.insert(packet, clock); }
  /// What is due before `until`. @param now  By the job's clock, for packets that are waited for.
  void advance(Instant now, MediaTime until, const ProgramClock& clock);
  /// Its sender has switched it off: what it has shown is over.
  void forget();
  /// Whether there is something to show at `now`, of the program.
  [[nodiscard]] bool has_picture(MediaTime now) const;
  /// The newest picture, upright, if there is one since the last call.
  [[nodiscard]] std::optional<media::VideoFrame> take_picture();
  /// The frames that became due in the last advance(), for who passes them on.
  [[nodiscard]] const std::vector<TimedFrame>& due() const noexcept { return due_; }
  /// From now on due() has them.
  void keep_due(bool keep) noexcept { keep_due_ = keep; }
  /// The sender is to be asked for a key frame, as far as this knows; ask again until it is there.
  [[nodiscard]] bool wants_key_frame(Instant now);
  /// When the newest frame was due.
  [[nodiscard]] std::optional<MediaTime> last() const noexcept { return last_; }
  /// That the newest frame is to be turned.
  [[nodiscard]] bool is_turned() const noexcept { return turn_ != media::Turn::none; }
  [[nodiscard]] const LiveTrack& track() const noexcept { return track_; }

 private:
  struct Coded {
    media::Packet packet;
    media::Turn turn = media::Turn::none;
  };
  void take(TimedFrame&& frame);
  void drop_backlog();
  void decode_backlog();
  void decode(const Coded& coded);

  LiveTrack track_;
  std::deque<TimedFrame> waiting_;
  std::vector<TimedFrame> due_;
  bool keep_due_ = false;
  std::deque<Coded> backlog_;
  std::size_t backlog_bytes_ = 0;
  bool lacks_key_frame_ = false;  // something was left out: decoding goes on with one
  bool wanted_now_ = false;       // that key frame, by somebody who looks
  std::optional<media::VideoDecoder> decoder_;
  std::uint64_t decoder_errors_ = 0;
  std::optional<MediaTime> last_;
  media::Turn turn_ = media::Turn::none;
  std::optional<media::VideoFrame> picture_;
};

}  // namespace sluice::livestream
