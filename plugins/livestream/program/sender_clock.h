#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "feed/feed_records.h"
#include "sluice/media/session_clock.h"

namespace sluice::livestream {

using media::MediaTime;

/// Where the tracks of one sender belong on the program's time line (SenderTimeline), as it is known while they come.
///
/// What it says is in reach of the packet's arrival, always: a track whose time line leads elsewhere goes by its
/// arrivals, and is begun anew. A sender all of whose packets come later than the program waits for them (its way has
/// become longer) is laid later as a whole, so that its tracks stay in step, and slowly back.
class SenderClock {
 public:
  /// A place further from the arrival is not believed.
  static constexpr MediaTime kReach = std::chrono::seconds{2};
  static constexpr MediaTime kMaxExtraDelay = std::chrono::milliseconds{1'500};
  /// Of a track, the newest; half an hour has fewer.
  static constexpr std::size_t kMaxPoints = 256;

  /// @param patience  How much later than the least delayed one a packet may come and be in time.
  explicit SenderClock(MediaTime patience) : patience_{patience} {}

  void add(TrackNumber track, std::uint32_t clock_rate);
  void remove(TrackNumber track);
  /// A packet came.
  void see(TrackNumber track, std::int64_t timestamp, MediaTime arrival,
           const std::optional<media::ClockWatch::Report>& report);
  /// Where a frame belongs; `arrival` is that of its last packet.
  [[nodiscard]] MediaTime place(TrackNumber track, std::int64_t timestamp, MediaTime arrival);
  [[nodiscard]] MediaTime extra_delay() const noexcept { return extra_; }

 private:
  struct Line {
    explicit Line(std::uint32_t rate) : clock_rate{rate}, watch{rate} {}
    std::uint32_t clock_rate;
    media::ClockWatch watch;
    std::deque<media::ClockPoint> points{};
    std::optional<MediaTime> misplaced_since{};
    std::optional<MediaTime> least_late{};  // of the frames since window_began_
    int frames = 0;                         // since then
  };

  void rebuild();
  MediaTime misplace(Line& line, MediaTime arrival);
  void watch_lateness(Line& line, MediaTime late, MediaTime arrival);
  void end_window();

  MediaTime patience_;
  std::map<TrackNumber, Line> lines_;
  media::SenderTimeline timeline_;
  MediaTime extra_{};
  std::optional<MediaTime> window_began_;
};

}  // namespace sluice::livestream
