#pragma once

#include <functional>
#include <mutex>

#include "core/base/fifo.h"

namespace sluice {

/// One client's state, used by several threads: its sockets' net threads, the control thread, the ticking thread.
///
/// - `enter` is for net threads: waits for the state, works on it. Parsing happens here.
/// - `post` is for everyone else: never waits. Whoever holds the state does the work next; if nobody does, the caller.
/// - `effect`, called by work, hands over what must leave: a frame to a socket, a call to the control thread. Effects
///   run one at a time in the order they were handed over, while the state is free, so that they may call back.
///
/// So the control thread never parses for a client and never waits for one that is being parsed.
class Turnstile {
 public:
  using Task = std::function<void()>;

  Turnstile() = default;
  Turnstile(const Turnstile&) = delete;
  Turnstile& operator=(const Turnstile&) = delete;

  void enter(const Task& work);
  void post(Task work);
  /// Only from within work.
  void effect(Task task);

 private:
  void run_posted();
  void run_effects();
  void settle();
  [[nodiscard]] bool has_posted() const;

  std::mutex state_mutex_;  // held while work runs
  // Guards what stands below; held for a few instructions.
  mutable std::mutex queue_mutex_;
  Fifo<Task> posted_;
  Fifo<Task> effects_;
  bool running_effects_ = false;
};

}  // namespace sluice
