#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

#include "sluice/function.h"
#include "sluice/timers.h"

namespace sluice {

/// Deadlines and what to do at them. Owns no clock: whoever drives it says what time it is.
/// @note One thread. Handles may be destroyed inside callbacks, and after the queue.
class TimerQueue {
 public:
  TimerQueue();
  ~TimerQueue();

  [[nodiscard]] std::unique_ptr<Timer::Handle> at(Instant deadline, Function<void()> callback);
  /// Repeats every `interval`. A caller that falls behind by whole intervals skips them.
  [[nodiscard]] std::unique_ptr<Timer::Handle> every(Instant first, Duration interval, Function<void()> callback);

  [[nodiscard]] std::optional<Instant> next_deadline() const noexcept;
  /// Runs what is due, earliest first; equal deadlines in the order in which they were set.
  void run_due(Instant now);

 private:
  struct State;
  class TimerHandle;
  // Owners: the queue, and weakly each handle.
  std::shared_ptr<State> state_;
};

}  // namespace sluice
