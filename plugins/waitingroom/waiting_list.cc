#include "waiting_list.h"

#include <algorithm>
#include <iterator>

namespace sluice::waitingroom {

json::object Waiter::summary() const {
  const auto since_epoch = std::chrono::duration_cast<std::chrono::milliseconds>(since.time_since_epoch());
  return {{"participantId", id}, {"name", name}, {"userId", user_id}, {"guest", guest}, {"since", since_epoch.count()}};
}

Waiter& WaitingList::add(Waiter waiter) {
  const std::uint64_t number = next_number_++;
  numbers_.emplace(waiter.id, number);
  return *waiters_.emplace(number, std::make_unique<Waiter>(std::move(waiter))).first->second;
}

Waiter* WaitingList::find(std::string_view id) noexcept {
  const auto found = numbers_.find(std::string{id});
  return found == numbers_.end() ? nullptr : waiters_.at(found->second).get();
}

std::unique_ptr<Waiter> WaitingList::take(std::string_view id) {
  const auto found = numbers_.find(std::string{id});
  if (found == numbers_.end()) return nullptr;
  auto node = waiters_.extract(found->second);
  numbers_.erase(found);
  return std::move(node.mapped());
}

std::size_t WaitingList::count_of(std::string_view user_id) const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(waiters_, [&](const auto& entry) { return entry.second->user_id == user_id; }));
}

json::array WaitingList::page(std::size_t offset, std::size_t limit) const {
  json::array out;
  if (offset >= waiters_.size()) return out;
  auto at = std::next(waiters_.begin(), static_cast<std::ptrdiff_t>(offset));
  for (; at != waiters_.end() && out.size() < limit; ++at) out.emplace_back(at->second->summary());
  return out;
}

}  // namespace sluice::waitingroom
