#include "core/signalling/turnstile.h"

#include <utility>

namespace sluice {

void Turnstile::enter(const Task& work) {
  {
    const std::lock_guard state{state_mutex_};
    run_posted();
    work();
  }
  settle();
}

void Turnstile::post(Task work) {
  {
    const std::lock_guard queue{queue_mutex_};
    posted_.push_back(std::move(work));
  }
  settle();
}

void Turnstile::effect(Task task) {
  const std::lock_guard queue{queue_mutex_};
  effects_.push_back(std::move(task));
}

bool Turnstile::has_posted() const {
  const std::lock_guard queue{queue_mutex_};
  return !posted_.empty();
}

void Turnstile::run_posted() {
  std::unique_lock queue{queue_mutex_};
  while (!posted_.empty()) {
    const Task work = posted_.take();
    queue.unlock();
    work();
    queue.lock();
  }
}

void Turnstile::run_effects() {
  std::unique_lock queue{queue_mutex_};
  if (running_effects_) return;  // a thread is at it, perhaps this one, further down its stack
  running_effects_ = true;
  while (!effects_.empty()) {
    const Task task = effects_.take();
    queue.unlock();
    task();
    queue.lock();
  }
  running_effects_ = false;
}

void Turnstile::settle() {
  // Who holds the state comes by here after letting it go, so that what was posted meanwhile is not left behind.
  while (has_posted()) {
    const std::unique_lock state{state_mutex_, std::try_to_lock};
    if (!state.owns_lock()) break;
    run_posted();
  }
  run_effects();
}

}  // namespace sluice
