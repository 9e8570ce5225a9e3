#pragma once

#include <memory>

#include "core/base/clock.h"
#include "sluice/function.h"
#include "sluice/metrics.h"
#include "sluice/timers.h"

namespace boost::asio {
class io_context;
}

namespace sluice {

/// The control thread: a queue of work and timers. Every plugin callback runs here, one after the other.
class ControlLoop {
 public:
  /// What the loop tells of itself; nothing of what is null.
  struct Watch {
    Histogram* wait_seconds = nullptr;  ///< that a posted task waited for its turn
    Gauge* waiting = nullptr;           ///< posted tasks that have not run
  };

  explicit ControlLoop(const Clock& clock) : ControlLoop{clock, Watch{}} {}
  /// What `watch` points to outlives the loop.
  ControlLoop(const Clock& clock, Watch watch);
  ~ControlLoop();
  ControlLoop(const ControlLoop&) = delete;
  ControlLoop& operator=(const ControlLoop&) = delete;

  /// Appends work. Any thread.
  void post(Function<void()> work);

  /// Runs on the calling thread, which is the control thread from then on, until `stop`.
  void run();
  /// Runs what is ready now and returns; for tests and for the end of the process.
  void run_ready();
  /// Lets `run` return after the work that is queued before it. Any thread.
  void stop();

  /// Calls back on the control thread whenever the process gets the signal, which then no longer ends it.
  void on_signal(int signal, Function<void()> callback);
  /// For what waits on descriptors: its handlers run on the control thread.
  [[nodiscard]] boost::asio::io_context& context() noexcept;

  [[nodiscard]] Instant now() const noexcept;
  [[nodiscard]] WallTime wall_time() const noexcept;
  /// Control thread only, like everything about timers.
  [[nodiscard]] Timer after(Duration delay, Function<void()> callback);
  [[nodiscard]] Timer every(Duration interval, Function<void()> callback);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice
