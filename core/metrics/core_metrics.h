#pragma once

#include <cstdint>
#include <span>

#include "sluice/metrics.h"

namespace sluice {

/// A histogram whose values are sorted into its buckets elsewhere, by a thread that may take no lock: see Tally.
class TallyHistogram {
 public:
  virtual ~TallyHistogram() = default;
  /// @param added  By bucket, one more than there are bounds: the last is what exceeds them all.
  virtual void add(std::span<const std::uint64_t> added, double sum) noexcept = 0;
};

/// Metrics as the gateway's own parts use them.
class CoreMetrics : public Metrics {
 public:
  /// Like histogram(). A histogram is one or the other.
  virtual TallyHistogram& tally_histogram(std::string_view name, std::string_view help,
                                          std::vector<double> bucket_bounds, const MetricLabels& labels = {}) = 0;
};

}  // namespace sluice
