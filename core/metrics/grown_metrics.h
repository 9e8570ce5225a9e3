#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/base/tally.h"
#include "core/metrics/grown.h"

namespace sluice {

/// Metrics that follow what somebody else counts, made when they are first told of. One thread at a time.
class GrownMetrics {
 public:
  explicit GrownMetrics(CoreMetrics& metrics) : metrics_{metrics} {}

  /// A counter's total so far.
  void raise(std::string_view name, std::string_view help, const MetricLabels& labels, double total);
  void raise(std::string_view name, std::string_view help, const MetricLabels& labels, std::uint64_t total) {
    raise(name, help, labels, static_cast<double>(total));
  }
  template <const auto& kBounds>
  void raise(std::string_view name, std::string_view help, const MetricLabels& labels, const Tally<kBounds>& tally) {
    histogram(name, help, labels, tally.bounds()).raise_to(tally.counts(), tally.sum());
  }
  /// @param counts  By bucket, one more than there are bounds.
  void raise(std::string_view name, std::string_view help, const MetricLabels& labels, std::vector<double> bounds,
             std::span<const std::uint64_t> counts, double sum) {
    histogram(name, help, labels, std::move(bounds)).raise_to(counts, sum);
  }
  void set(std::string_view name, std::string_view help, const MetricLabels& labels, double value);

 private:
  GrownHistogram& histogram(std::string_view name, std::string_view help, const MetricLabels& labels,
                            std::vector<double> bounds);

  CoreMetrics& metrics_;
  // By name and labels.
  std::map<std::string, GrownCounter, std::less<>> counters_;
  std::map<std::string, GrownHistogram, std::less<>> histograms_;
  std::map<std::string, Gauge*, std::less<>> gauges_;
};

}  // namespace sluice
