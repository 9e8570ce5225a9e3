#include "program/coder_queue.h"

#include <utility>

namespace sluice::livestream {

namespace {

bool has_picture(const CoderItem& item) {
  const auto* const moment = std::get_if<ProgramMoment>(&item);
  return moment != nullptr && moment->picture;
}

}  // namespace

bool CoderQueue::push(CoderItem item) {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return items_.size() < kMaxItems || closed_; });
  const bool dropped = has_picture(item) && pictures_ >= max_pictures_;
  if (dropped) std::get<ProgramMoment>(item).picture = {};
  if (has_picture(item)) ++pictures_;
  items_.push_back(std::move(item));
  lock.unlock();
  changed_.notify_all();
  return !dropped;
}

void CoderQueue::close() {
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
  }
  changed_.notify_all();
}

bool CoderQueue::closed() {
  const std::lock_guard lock{mutex_};
  return closed_;
}

std::optional<CoderItem> CoderQueue::pop() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return !items_.empty() || closed_; });
  if (items_.empty()) return std::nullopt;
  CoderItem item = std::move(items_.front());
  items_.pop_front();
  if (has_picture(item)) --pictures_;
  lock.unlock();
  changed_.notify_all();
  return item;
}

}  // namespace sluice::livestream
