#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quality/client_report.h"
#include "quality/grading.h"
#include "quality/loss_meter.h"
#include "quality/report_budget.h"
#include "quality/sample_ring.h"
#include "quality/stream_counters.h"
#include "sluice/contracts/room_stats.h"
#include "sluice/time.h"

namespace sluice::analytics {

/// What is found out about one second.
struct Findings;

/// One participant of a room: from what the workers measure and its client reports, a sample each second.
class ParticipantQuality {
 public:
  /// A report counts for so long, or until the next one: three of the page's own interval.
  static constexpr Duration kReportLives = std::chrono::seconds{15};

  ParticipantQuality(std::string id, std::size_t seconds_kept) : ring_{seconds_kept}, id_{std::move(id)} {}

  [[nodiscard]] const std::string& id() const noexcept { return id_; }

  /// Throws Error{rate_limited}.
  void demand_budget(int reports_per_minute, Instant now) { budget_.demand(reports_per_minute, now); }
  void take_report(const ReportedQuality& report, Instant now) noexcept;

  /// One second. Nothing: nothing is known of it.
  std::optional<QualitySample> take_second(const ParticipantMediaStats& stats, Instant now, WallTime at);

  [[nodiscard]] std::optional<Grade> grade() const noexcept { return steady_.now(); }
  [[nodiscard]] std::optional<QualitySample> last(Instant now) const noexcept;
  [[nodiscard]] std::vector<TimedSample> series() const { return ring_.all(); }
  void keep(std::size_t seconds) { ring_.resize(seconds); }

  /// What the room has been told of it.
  struct Told {
    std::optional<Grade> grade{};
    bool again = false;  ///< somebody has come since, who does not know it
  } told;

 private:
  void look_at_tracks(const ParticipantMediaStats& stats, Findings& found);
  void look_at_report(Findings& found, Instant now) noexcept;

  std::optional<ReportedQuality> report_;
  Instant reported_at_{};
  Instant sampled_at_{};
  StreamCounters counters_;
  LossMeter loss_;
  LossMeter audio_loss_;
  SteadyGrade steady_;
  ReportBudget budget_;
  SampleRing ring_;
  std::string id_;
};

/// Of a sample, the loss in the worse direction.
[[nodiscard]] std::optional<double> worse_loss(const QualitySample& sample) noexcept;

}  // namespace sluice::analytics
