#pragma once

#include <array>
#include <cstddef>

#include "history/quality_row.h"
#include "sample.h"

namespace sluice::analytics {

/// Sums up samples.
class Bucket {
 public:
  void add(const QualitySample& sample) noexcept;
  [[nodiscard]] bool empty() const noexcept { return samples_ == 0; }
  [[nodiscard]] QualityFigures figures() const;

 private:
  struct Spread {
    double sum = 0;
    double min = 0;
    double max = 0;
    std::int64_t count = 0;
    template <class T>
    void add(const std::optional<T>& value) noexcept;
    [[nodiscard]] std::optional<double> mean() const noexcept;
    [[nodiscard]] std::optional<double> most() const noexcept;
    [[nodiscard]] std::optional<double> least() const noexcept;
  };

  std::int64_t samples_ = 0;
  Spread round_trip_, jitter_, loss_up_, loss_down_, height_, rate_, mos_;
  std::int64_t up_bits_ = 0;
  std::int64_t down_bits_ = 0;
  std::int64_t freezes_ = 0;
  double frozen_ms_ = 0;
  std::array<std::int64_t, 4> grades_{};
};

}  // namespace sluice::analytics
