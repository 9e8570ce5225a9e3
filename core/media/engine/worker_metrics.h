#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/media/worker/media_worker.h"
#include "core/metrics/grown_metrics.h"

namespace sluice {

/// What one worker has counted since its start, and how it stands now.
struct WorkerReport {
  WorkerCounters worker{};
  TransportCounters transports{};  ///< summed up
  SendBatch::Counters sent{};
  TcpCounters tcp{};
  std::uint64_t queue_drops = 0;
  QualityCounters quality{};
  ConnectionCounters connections{};
  TransportSums now{};
  KindCounts producers{};
  KindCounts consumers{};
  std::size_t tap_count = 0;
  std::uint64_t tap_drops = 0;
  Tally<kBatchSizes> receive_sizes{};
  WorkerPressure pressure{};

  /// On the worker's thread.
  [[nodiscard]] static WorkerReport of(const WorkerCore& core, MediaWorker& worker);
};

/// The share of the time between two reports that the worker's thread ran on a core.
[[nodiscard]] double load_between(const WorkerPressure& before, const WorkerPressure& now) noexcept;

/// What plugins and the admin API see of it.
[[nodiscard]] WorkerStats stats_of(unsigned index, const WorkerReport& report, double load);

/// Turns the totals of one worker into metrics. Traffic is told by worker; what is dropped only by reason, since both
/// together would be too many series. Control thread.
class WorkerMetrics {
 public:
  WorkerMetrics(CoreMetrics& metrics, WorkerIndex worker);
  void update(const WorkerReport& report, double load = 0);

 private:
  void tell_now(const WorkerReport& report, double load);
  void tell_traffic(const WorkerReport& report);
  void tell_drops(const WorkerReport& report);
  void tell_tcp(const TcpCounters& tcp);
  void tell_repairs(const QualityCounters& quality);
  void tell_flow(const std::string& direction, const FlowCounters& flow);
  void tell_ice(const ConnectionCounters& connections);
  void tell_dtls(const ConnectionCounters& connections);

  GrownMetrics grown_;
  MetricLabels worker_;
};

}  // namespace sluice
