#include "core/control/timer_queue.h"

#include <utility>

namespace sluice {

namespace {

// Orders by time, then by the order of setting.
using Key = std::pair<Instant, std::uint64_t>;

struct Entry {
  Function<void()> callback;
  Duration interval{};  // zero: once
};

}  // namespace

struct TimerQueue::State {
  std::map<Key, Entry> entries;
  std::unordered_map<std::uint64_t, Instant> deadlines;  // of every live timer, by its number
  std::uint64_t next_number = 1;

  std::uint64_t add(Instant deadline, Entry entry) {
    const std::uint64_t number = next_number++;
    deadlines.emplace(number, deadline);
    entries.emplace(Key{deadline, number}, std::move(entry));
    return number;
  }

  void cancel(std::uint64_t number) {
    const auto found = deadlines.find(number);
    if (found == deadlines.end()) return;
    const auto node = entries.extract(Key{found->second, number});
    deadlines.erase(found);
    // `node` dies last: destroying the callback may cancel further timers.
  }
};

class TimerQueue::TimerHandle final : public Timer::Handle {
 public:
  TimerHandle(std::weak_ptr<State> state, std::uint64_t number) : state_{std::move(state)}, number_{number} {}
  ~TimerHandle() override {
    if (const auto state = state_.lock()) state->cancel(number_);
  }

 private:
  std::weak_ptr<State> state_;
  std::uint64_t number_;
};

TimerQueue::TimerQueue() : state_{std::make_shared<State>()} {}
TimerQueue::~TimerQueue() = default;

std::unique_ptr<Timer::Handle> TimerQueue::at(Instant deadline, Function<void()> callback) {
  return std::make_unique<TimerHandle>(state_, state_->add(deadline, {std::move(callback), Duration::zero()}));
}

std::unique_ptr<Timer::Handle> TimerQueue::every(Instant first, Duration interval, Function<void()> callback) {
  return std::make_unique<TimerHandle>(state_, state_->add(first, {std::move(callback), interval}));
}

std::optional<Instant> TimerQueue::next_deadline() const noexcept {
  if (state_->entries.empty()) return std::nullopt;
  return state_->entries.begin()->first.first;
}

void TimerQueue::run_due(Instant now) {
  const std::shared_ptr<State> state = state_;
  // Timers set by the callbacks wait for the next round, so that a zero delay cannot hold the thread.
  const std::uint64_t newest = state->next_number;
  auto position = state->entries.begin();
  while (position != state->entries.end() && position->first.first <= now) {
    const auto [deadline, number] = position->first;
    if (number >= newest) {
      ++position;
      continue;
    }
    Entry entry = std::move(position->second);
    state->entries.erase(position);
    if (entry.interval == Duration::zero()) state->deadlines.erase(number);
    entry.callback();
    if (const auto alive = state->deadlines.find(number);
        entry.interval != Duration::zero() && alive != state->deadlines.end()) {
      const auto missed = (now - deadline) / entry.interval;
      alive->second = deadline + entry.interval * (missed + 1);
      state->entries.emplace(Key{alive->second, number}, std::move(entry));
    }
    position = state->entries.begin();
  }
}

}  // namespace sluice
