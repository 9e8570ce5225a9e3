#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sluice/metrics.h"

namespace sluice::testing {

/// Metrics that a test can read.
class FakeMetrics final : public Metrics {
 public:
  Counter& counter(std::string_view name, std::string_view, const MetricLabels& labels = {}) override {
    return counters_[{std::string{name}, labels}];
  }
  Gauge& gauge(std::string_view name, std::string_view, const MetricLabels& labels = {}) override {
    return gauges_[{std::string{name}, labels}];
  }
  Histogram& histogram(std::string_view name, std::string_view, std::vector<double>,
                       const MetricLabels& labels = {}) override {
    return histograms_[{std::string{name}, labels}];
  }

  /// The value of a counter or gauge; 0 if there is none.
  [[nodiscard]] double value(std::string_view name, const MetricLabels& labels = {}) const {
    const Key key{std::string{name}, labels};
    if (const auto found = counters_.find(key); found != counters_.end()) return found->second.total;
    if (const auto found = gauges_.find(key); found != gauges_.end()) return found->second.now;
    return 0;
  }
  [[nodiscard]] std::vector<double> observed(std::string_view name, const MetricLabels& labels = {}) const {
    const auto found = histograms_.find({std::string{name}, labels});
    return found == histograms_.end() ? std::vector<double>{} : found->second.values;
  }

 private:
  using Key = std::pair<std::string, MetricLabels>;
  struct FakeCounter final : Counter {
    void add(double amount) noexcept override { total += amount; }
    double total = 0;
  };
  struct FakeGauge final : Gauge {
    void set(double value) noexcept override { now = value; }
    void add(double amount) noexcept override { now += amount; }
    double now = 0;
  };
  struct FakeHistogram final : Histogram {
    void observe(double value) noexcept override { values.push_back(value); }
    std::vector<double> values;
  };

  std::map<Key, FakeCounter> counters_;
  std::map<Key, FakeGauge> gauges_;
  std::map<Key, FakeHistogram> histograms_;
};

}  // namespace sluice::testing
