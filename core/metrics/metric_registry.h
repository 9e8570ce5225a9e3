#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/metrics/core_metrics.h"

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
  /// @param max_label_sets  Of each of its families: for parts of the gateway that know how many there can be. Of
  ///                        several calls the first decides.
  [[nodiscard]] CoreMetrics& component(std::string_view name, std::size_t max_label_sets = kMaxLabelSets);
  /// Those of the process, named `process_<name>`, as Prometheus' own clients do.
  [[nodiscard]] CoreMetrics& process();

  /// `refresh` runs before each expose(), on its thread, one at a time: for what is looked up when it is asked for,
  /// instead of being counted. It must not throw, and what it refers to must outlive the last expose().
  void before_expose(std::function<void()> refresh);

  /// The text exposition format, version 0.0.4.
  [[nodiscard]] std::string expose() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice
