#include "crew.h"

#include <utility>

namespace sluice::media {

Crew::Crew(int threads) {
  for (int i = 1; i < threads; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { help(stop); });
  }
}

void Crew::run(std::size_t parts, const std::function<void(std::size_t)>& part) {
  std::unique_lock lock{mutex_};
  part_ = &part;
  parts_ = parts;
  next_ = 0;
  failure_ = nullptr;
  if (parts > 1) work_.notify_all();
  take_parts(lock);
  done_.wait(lock, [this] { return running_ == 0; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Crew::help(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  while (work_.wait(lock, stop, [this] { return next_ < parts_; })) {
    take_parts(lock);
    if (running_ == 0) done_.notify_one();
  }
}

void Crew::take_parts(std::unique_lock<std::mutex>& lock) {
  while (next_ < parts_) {
    const std::size_t mine = next_++;
    ++running_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      (*part_)(mine);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    --running_;
    if (!failure) continue;
    if (!failure_) failure_ = failure;
    next_ = parts_;
  }
}

}  // namespace sluice::media
