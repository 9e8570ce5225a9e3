#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sluice/metrics.h"

namespace sluice {

/// All metrics of the process, and their text form for Prometheus.
/// @note Any thread.
class MetricRegistry {
 public:
  /// A family keeps at most this many label sets; further ones are counted under `other`.
  static constexpr std::size_t kMaxLabelSets = 100;

  MetricRegistry();
  ~MetricRegistry();
  MetricRegistry(const MetricRegistry&) = delete;
  MetricRegistry& operator=(const MetricRegistry&) = delete;

  /// The metrics of one component, named `sluice_<component>_<name>`; `-` and `.` become `_`. Lives as long as the
  /// registry. Names that are no Prometheus names throw std::invalid_argument.
  [[nodiscard]] Metrics& component(std::string_view name);

  /// The text exposition format, version 0.0.4.
  [[nodiscard]] std::string expose() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice
