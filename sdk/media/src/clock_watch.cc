#include <cmath>

#include "clock_units.h"
#include "sluice/media/session_clock.h"

namespace sluice::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr MediaTime kOftenFirst = seconds{1};
constexpr MediaTime kOftenLater = seconds{10};
constexpr std::size_t kFirstPoints = 10;
constexpr MediaTime kContradiction = milliseconds{10};
constexpr MediaTime kContradictionsApart = seconds{1};

bool is_less_delayed(const ClockPoint& a, const ClockPoint& b, std::uint32_t clock_rate) noexcept {
  return static_cast<double>((a.arrival - b.arrival).count()) < to_micros(a.timestamp - b.timestamp, clock_rate);
}

}  // namespace

std::optional<ClockPoint> ClockWatch::on_packet(std::int64_t timestamp, MediaTime arrival,
                                                const std::optional<Report>& report) {
  const bool first_report = report && !report_;
  if (report) report_ = report;
  const ClockPoint seen{.timestamp = timestamp, .arrival = arrival};
  if (!least_delayed_ || is_less_delayed(seen, *least_delayed_, clock_rate_)) least_delayed_ = with_wall_clock(seen);

  const MediaTime often = given_ <= kFirstPoints ? kOftenFirst : kOftenLater;
  if (!last_ || first_report || arrival - given_at_ >= often) return give_out(*least_delayed_, arrival);
  // The new report tells of now, not of what came under the one before.
  if (arrival - given_at_ >= kContradictionsApart && contradicts()) return give_out(seen, arrival);
  return std::nullopt;
}

bool ClockWatch::contradicts() const noexcept {
  if (!report_ || !last_->ntp) return false;
  const double by_report = ntp_micros(*last_->ntp, report_->ntp);
  const double by_clock = to_micros(report_->timestamp - last_->timestamp, clock_rate_);
  return std::abs(by_report - by_clock) > static_cast<double>(kContradiction.count());
}

// By the report of its own time where there was one: a later one is further off, by the drift of both clocks.
ClockPoint ClockWatch::with_wall_clock(ClockPoint point) const noexcept {
  if (!report_ || point.ntp) return point;
  point.ntp = ntp_moved(report_->ntp, to_micros(point.timestamp - report_->timestamp, clock_rate_));
  return point;
}

ClockPoint ClockWatch::give_out(ClockPoint point, MediaTime now) {
  last_ = point = with_wall_clock(point);
  given_at_ = now;
  ++given_;
  least_delayed_.reset();
  return point;
}

}  // namespace sluice::media
