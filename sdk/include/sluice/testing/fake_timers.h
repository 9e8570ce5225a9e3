#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "sluice/timers.h"

namespace sluice::testing {

/// A clock that stands still until the test moves it, and the timers that hang on it.
class FakeTimers final : public Timers {
 public:
  [[nodiscard]] Instant now() const noexcept override { return now_; }
  /// The calendar starts at 2001-09-09T01:46:40Z and moves with the clock.
  [[nodiscard]] WallTime wall_time() const noexcept override {
    return WallTime{std::chrono::seconds{1'000'000'000}} +
           std::chrono::duration_cast<WallTime::duration>(now_.time_since_epoch());
  }
  [[nodiscard]] Timer after(Duration delay, Function<void()> callback) override {
    return add(delay, Duration::zero(), std::move(callback));
  }
  [[nodiscard]] Timer every(Duration interval, Function<void()> callback) override {
    return add(interval, interval, std::move(callback));
  }

  /// Moves the clock and runs what falls due on the way, each at its own time.
  void advance(Duration by) {
    const Instant end = now_ + by;
    while (!pending_->empty() && pending_->begin()->first.first <= end) {
      auto node = pending_->extract(pending_->begin());
      const auto [deadline, number] = node.key();
      now_ = std::max(now_, deadline);
      const std::shared_ptr<Entry> entry = node.mapped();
      if (entry->interval > Duration::zero()) {
        node.key().first = deadline + entry->interval;
        pending_->insert(std::move(node));
      }
      entry->callback();
    }
    now_ = end;
  }
  [[nodiscard]] std::size_t pending() const noexcept { return pending_->size(); }

 private:
  struct Entry {
    Function<void()> callback;
    Duration interval;
  };
  using Pending = std::map<std::pair<Instant, std::uint64_t>, std::shared_ptr<Entry>>;

  class FakeHandle final : public Timer::Handle {
   public:
    FakeHandle(std::weak_ptr<Pending> pending, std::uint64_t number) : pending_{std::move(pending)}, number_{number} {}
    ~FakeHandle() override {
      const auto pending = pending_.lock();
      if (pending == nullptr) return;
      for (auto it = pending->begin(); it != pending->end(); ++it) {
        if (it->first.second != number_) continue;
        const auto node = pending->extract(it);  // dies last: destroying the callback may cancel others
        return;
      }
    }

   private:
    std::weak_ptr<Pending> pending_;
    std::uint64_t number_;
  };

  Timer add(Duration delay, Duration interval, Function<void()> callback) {
    const std::uint64_t number = next_++;
    pending_->emplace(std::pair{now_ + delay, number}, std::make_shared<Entry>(Entry{std::move(callback), interval}));
    return Timer{std::make_unique<FakeHandle>(pending_, number)};
  }

  Instant now_{};
  std::uint64_t next_ = 1;
  // Owners: this, and weakly the handles, which may outlive it.
  std::shared_ptr<Pending> pending_ = std::make_shared<Pending>();
};

}  // namespace sluice::testing
