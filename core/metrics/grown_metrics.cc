#include "core/metrics/grown_metrics.h"

namespace sluice {

namespace {

std::string key_of(std::string_view name, const MetricLabels& labels) {
  std::string key{name};
  for (const auto& [label, value] : labels) key.append(" ").append(label).append("=").append(value);
  return key;
}

}  // namespace

void GrownMetrics::raise(std::string_view name, std::string_view help, const MetricLabels& labels, double total) {
  std::string key = key_of(name, labels);
  auto found = counters_.find(key);
  if (found == counters_.end()) {
    found = counters_.emplace(std::move(key), GrownCounter{metrics_.counter(name, help, labels)}).first;
  }
  found->second.raise_to(total);
}

void GrownMetrics::set(std::string_view name, std::string_view help, const MetricLabels& labels, double value) {
  std::string key = key_of(name, labels);
  auto found = gauges_.find(key);
  if (found == gauges_.end()) found = gauges_.emplace(std::move(key), &metrics_.gauge(name, help, labels)).first;
  found->second->set(value);
}

GrownHistogram& GrownMetrics::histogram(std::string_view name, std::string_view help, const MetricLabels& labels,
                                        std::vector<double> bounds) {
  std::string key = key_of(name, labels);
  auto found = histograms_.find(key);
  if (found == histograms_.end()) {
    GrownHistogram grown{metrics_.tally_histogram(name, help, std::move(bounds), labels)};
    found = histograms_.emplace(std::move(key), std::move(grown)).first;
  }
  return found->second;
}

}  // namespace sluice
