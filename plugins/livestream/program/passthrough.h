#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "program/moment.h"
#include "program/picture_source.h"
#include "program/segment_grid.h"

namespace sluice::livestream {

/// The picture goes as it came, while the room's only one is a source of H264: from that source's next key frame on,
/// until there is another one or none.
class Passthrough {
 public:
  /// A source that sends nothing for longer is composed: segments need key frames.
  static constexpr MediaTime kStalled = std::chrono::seconds{2};
  /// Beyond the program's delay: a key frame that has not come by then is asked for again.
  static constexpr MediaTime kAskAgain = std::chrono::milliseconds{500};

  /// @param delay  Of the program.
  Passthrough(MediaTime segment, MediaTime delay) : grid_{segment}, delay_{delay} {}

  /// Whether a source may go as it comes. @param now  On the sources' time line.
  [[nodiscard]] static bool is_fit(const PictureSource& source, MediaTime now);
  /// Once each tick, after the source's advance().
  /// @param only  The room's only picture, fit; nullptr: there is none.
  /// @param last  When the program's last picture is, coded or passed; what is passed comes after it.
  /// @return whether pictures go as they come: then nothing is composed.
  bool choose(PictureSource* only, MediaTime last);
  /// What became due, while pictures go as they come.
  [[nodiscard]] std::vector<PassedFrame> take() { return std::exchange(passed_, {}); }
  /// Whether the source is to be asked for a key frame: segments begin with one. @param now  Of the program.
  [[nodiscard]] bool take_key_frame_wish(MediaTime now);
  /// Somebody waits for a key frame.
  void request_key_frame() noexcept { requested_ = true; }

 private:
  void pass(const TimedFrame& timed, MediaTime last);

  SegmentGrid grid_;
  MediaTime delay_;
  std::optional<TrackNumber> source_;  // that is passed, or waited for
  bool passing_ = false;
  bool requested_ = false;
  std::optional<MediaTime> asked_;
  std::vector<PassedFrame> passed_;
};

}  // namespace sluice::livestream
