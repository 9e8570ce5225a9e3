#pragma once

#include "sluice/time.h"

namespace sluice {

/// Where the time comes from. Logic gets an Instant as a parameter; only what runs the loops holds a Clock, and a test
/// gives it one that stands still until it is moved.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const noexcept = 0;
  [[nodiscard]] virtual WallTime wall_time() const noexcept = 0;
};

/// A clock that tests move by hand.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const noexcept override { return now_; }
  [[nodiscard]] WallTime wall_time() const noexcept override {
    return WallTime{std::chrono::duration_cast<WallTime::duration>(now_.time_since_epoch())};
  }
  void advance(Duration by) noexcept { now_ += by; }

 private:
  Instant now_{};
};

}  // namespace sluice
