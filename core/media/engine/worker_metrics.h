#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/media/worker/media_worker.h"
#include "sluice/metrics.h"

namespace sluice {

/// What one worker has counted since its start.
struct WorkerReport {
  WorkerCounters worker;
  TransportCounters transports;  ///< summed up
  SendBatch::Counters sent;
  TcpCounters tcp{};
  std::uint64_t queue_drops = 0;
  std::size_t transport_count = 0;
  QualityCounters quality{};
  std::size_t limited_consumers = 0;
  std::size_t tap_count = 0;
  std::uint64_t tap_drops = 0;

  /// On the worker's thread.
  [[nodiscard]] static WorkerReport of(const WorkerCore& core, const MediaWorker& worker);
};

/// What plugins and the admin API see of it.
[[nodiscard]] WorkerStats stats_of(unsigned index, const WorkerReport& report);

/// Turns the totals of one worker into metrics. Traffic is told by worker; what is dropped only by reason, since both
/// together would be more label sets than a family keeps. Control thread.
class WorkerMetrics {
 public:
  WorkerMetrics(Metrics& metrics, WorkerIndex worker);
  void update(const WorkerReport& report);

 private:
  struct Grown {
    Counter& counter;
    std::uint64_t seen = 0;
  };
  void raise(std::string_view name, std::string_view help, MetricLabels labels, std::uint64_t total);
  void raise_quality(const QualityCounters& quality);
  void raise_tcp(const TcpCounters& tcp);
  void raise_dropped(std::string_view reason, std::uint64_t total);
  void raise_unsent(std::string_view reason, std::uint64_t total);

  Metrics& metrics_;
  std::string worker_;
  Gauge& transports_;
  Gauge& tcp_connections_;
  Gauge& limited_;
  Gauge& taps_;
  std::map<std::string, Grown, std::less<>> grown_;  // by name and reason
};

}  // namespace sluice
