#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "sluice/time.h"

namespace sluice::chat {

/// What a participant was allowed by an event and does by HTTP, where nobody knows it: a guest has no token that would
/// say who it is twice. The newest `kMost` are kept.
template <class What>
class Tickets {
 public:
  static constexpr std::chrono::minutes kLifetime{10};
  static constexpr std::size_t kMost = 10'000;

  void add(std::string ticket, What what, Instant now) {
    drop_expired(now);
    if (order_.size() == kMost) drop_oldest();
    order_.emplace_back(now + kLifetime, ticket);
    tickets_.insert_or_assign(std::move(ticket), std::move(what));
  }
  [[nodiscard]] const What* find(const std::string& ticket, Instant now) {
    drop_expired(now);
    const auto found = tickets_.find(ticket);
    return found == tickets_.end() ? nullptr : &found->second;
  }
  /// The same, and it is used up.
  [[nodiscard]] std::optional<What> take(const std::string& ticket, Instant now) {
    const What* found = find(ticket, now);
    if (found == nullptr) return std::nullopt;
    std::optional<What> what{*found};
    tickets_.erase(ticket);
    return what;
  }

 private:
  void drop_expired(Instant now) {
    while (!order_.empty() && order_.front().first <= now) drop_oldest();
  }
  void drop_oldest() {
    tickets_.erase(order_.front().second);
    order_.pop_front();
  }

  std::map<std::string, What> tickets_;
  std::deque<std::pair<Instant, std::string>> order_;  // by the end of their time; some are used up already
};

}  // namespace sluice::chat
