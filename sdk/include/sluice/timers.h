#pragma once

#include <memory>

#include "sluice/function.h"
#include "sluice/time.h"

namespace sluice {

/// A running timer: destroying it cancels it.
class Timer {
 public:
  class Handle {
   public:
    virtual ~Handle() = default;
  };
  Timer() noexcept = default;
  explicit Timer(std::unique_ptr<Handle> handle) noexcept : handle_{std::move(handle)} {}
  void cancel() noexcept { handle_.reset(); }
  [[nodiscard]] explicit operator bool() const noexcept { return handle_ != nullptr; }

 private:
  std::unique_ptr<Handle> handle_;
};

/// Time, for plugins: they read no clock of their own, so that tests can hand them a simulated one.
/// @note Control thread only; callbacks run there too.
class Timers {
 public:
  virtual ~Timers() = default;

  /// Monotonic; for intervals and deadlines.
  [[nodiscard]] virtual Instant now() const noexcept = 0;
  /// What the calendar says; for what people read.
  [[nodiscard]] virtual WallTime wall_time() const noexcept = 0;

  /// Runs `callback` once, `delay` from now, unless the Timer is destroyed before.
  [[nodiscard]] virtual Timer after(Duration delay, Function<void()> callback) = 0;
  /// Runs `callback` every `interval`, first one interval from now, until the Timer is destroyed.
  [[nodiscard]] virtual Timer every(Duration interval, Function<void()> callback) = 0;
};

}  // namespace sluice
