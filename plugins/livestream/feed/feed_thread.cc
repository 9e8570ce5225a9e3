#include "feed/feed_thread.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace sluice::livestream {
namespace {

/// How long packets lie in the taps' queues: a tenth of what the program lies behind by default.
constexpr Duration kInterval = std::chrono::milliseconds{10};

}  // namespace

FeedThread::FeedThread(FeedThreadRuns runs) {
  if (runs == FeedThreadRuns::on_the_caller) return;
  thread_ = std::jthread{[this](const std::stop_token& stopped) { run(stopped); }};
}

FeedThread::~FeedThread() = default;

void FeedThread::add(std::unique_ptr<FeedLane> lane) {
  {
    const std::lock_guard lock{mutex_};
    added_.push_back(std::move(lane));
  }
  woken_.notify_one();
}

void FeedThread::turn() {
  {
    const std::lock_guard lock{mutex_};
    std::ranges::move(std::exchange(added_, {}), std::back_inserter(lanes_));
  }
  for (const auto& lane : lanes_) lane->turn();
  std::erase_if(lanes_, [](const auto& lane) { return lane->over(); });
}

void FeedThread::run(const std::stop_token& stopped) {
  while (wait(stopped)) turn();
}

bool FeedThread::wait(const std::stop_token& stopped) {
  std::unique_lock lock{mutex_};
  const auto something_added = [this] { return !added_.empty(); };
  if (lanes_.empty()) {
    woken_.wait(lock, stopped, something_added);
  } else {
    woken_.wait_for(lock, stopped, kInterval, something_added);
  }
  return !stopped.stop_requested();
}

FeedThreadPtr make_feed_thread(FeedThreadRuns runs) {
  return FeedThreadPtr{std::make_unique<FeedThread>(runs).release()};
}
FeedThreadPtr make_feed_thread() { return make_feed_thread(FeedThreadRuns::on_its_own); }
void FeedThreadDeleter::operator()(FeedThread* thread) const noexcept {
  const std::unique_ptr<FeedThread> gone{thread};
}

}  // namespace sluice::livestream
