#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/media/codec.h"

/// Tracks of many senders on one time line. Each track has a clock of its own (its RTP timestamps), each sender a wall
/// clock that its tracks share (RTCP sender reports), and the gateway sees when packets arrive. A track's place is
/// where its sender's wall clock puts it, and a sender's wall clock is laid where its least delayed packets arrived: so
/// the tracks of one sender are in step to the millisecond, those of different senders up to their ways to the gateway,
/// and clocks that run too fast or too slow are followed.
namespace sluice::media {

/// What is known of a track's clock at one moment.
struct ClockPoint {
  std::int64_t timestamp = 0;          ///< RTP, unwrapped
  MediaTime arrival{};                 ///< on the session's time line: of the least delayed packet about then
  std::optional<std::uint64_t> ntp{};  ///< the sender's wall clock at `timestamp`; none: it has not told
};

/// Thins what is seen of a track to a few ClockPoints: the first packet's, then one a second for ten seconds, then one
/// in ten seconds, and one whenever a sender's report is the first, or contradicts those before by 10 ms (at most one
/// of these a second).
class ClockWatch {
 public:
  explicit ClockWatch(std::uint32_t clock_rate) : clock_rate_{clock_rate} {}
  struct Report {
    std::int64_t timestamp = 0;
    std::uint64_t ntp = 0;
  };
  /// A packet, in any order. @return a point to keep.
  std::optional<ClockPoint> on_packet(std::int64_t timestamp, MediaTime arrival, const std::optional<Report>& report);

 private:
  [[nodiscard]] bool contradicts() const noexcept;
  [[nodiscard]] ClockPoint with_wall_clock(ClockPoint point) const noexcept;
  ClockPoint give_out(ClockPoint point, MediaTime now);

  std::uint32_t clock_rate_;
  std::optional<ClockPoint> least_delayed_;  // since the last point
  std::optional<ClockPoint> last_;           // that was given out
  MediaTime given_at_{};
  std::optional<Report> report_;
  std::size_t given_ = 0;
};

/// The time lines of one sender's tracks, from the points that are known. More points make it better: a live program
/// goes by what it has, a product by all of them.
/// @note One thread at a time, also of time_of(), which works out after each new point what it needs.
class SenderTimeline {
 public:
  /// Of a track; a day with a report that contradicts each second has fewer. Further ones are left out.
  static constexpr std::size_t kMaxPoints = 100'000;

  /// A track's name is the caller's.
  void add_track(const std::string& track, std::uint32_t clock_rate);
  /// In any order. Of a track that was not added it is left out.
  void add_point(const std::string& track, const ClockPoint& point);
  /// Where the timestamp belongs on the session's time line. Grows with the timestamp, within one state of knowledge.
  /// Nothing where the track has no point.
  [[nodiscard]] std::optional<MediaTime> time_of(const std::string& track, std::int64_t timestamp) const;

 private:
  struct Track {
    std::uint32_t clock_rate = 0;
    std::vector<ClockPoint> points;
  };
  class Plan;

  std::map<std::string, Track> tracks_;
  mutable std::shared_ptr<const Plan> plan_;  // of what is known; shared with copies of this; none: to be worked out
};

}  // namespace sluice::media
