#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

using MetricLabels = std::map<std::string, std::string>;

/// A value that only grows.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual void add(double amount = 1) noexcept = 0;
};

/// A value that goes up and down.
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void set(double value) noexcept = 0;
  virtual void add(double amount) noexcept = 0;
};

/// A distribution over fixed buckets.
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void observe(double value) noexcept = 0;
};

/// Metrics in Prometheus' conventions (`_total`, base units: seconds, bytes), served at `/metrics` of the admin
/// listener as `sluice_<plugin>_<name>`.
///
/// Asking twice for the same name and labels gives the same metric. Label values must come from a bounded set: never a
/// room, a participant or an address. A family keeps at most 100 label sets; the rest is counted under `other`.
/// @note Creating: control thread. Changing a metric: any thread, without a lock.
class Metrics {
 public:
  virtual ~Metrics() = default;
  virtual Counter& counter(std::string_view name, std::string_view help, const MetricLabels& labels = {}) = 0;
  virtual Gauge& gauge(std::string_view name, std::string_view help, const MetricLabels& labels = {}) = 0;
  virtual Histogram& histogram(std::string_view name, std::string_view help, std::vector<double> bucket_bounds,
                               const MetricLabels& labels = {}) = 0;
};

}  // namespace sluice
