#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "sluice/identity.h"
#include "sluice/time.h"

namespace sluice::recording {

/// What opens the files of one recording for a while without a token: a <video> shows none. Each user gets its own,
/// the same again while half of its time is left. The newest `kMost` are kept.
class Tickets {
 public:
  static constexpr std::size_t kMost = 20'000;

  struct Ticket {
    std::string recording_id;
    Identity holder;
    Instant end;
    bool used = false;
  };

  /// @param fresh  The ticket, if a new one is needed: unguessable.
  template <class Fresh>
  const std::string& give(const std::string& recording_id, const Identity& holder, Instant now, Duration lifetime,
                          Fresh fresh) {
    drop_expired(now);
    const Key key{recording_id, {holder.tenant, holder.user_id}};
    const auto known = by_holder_.find(key);
    if (known != by_holder_.end()) {
      const auto ticket = tickets_.find(known->second);
      if (ticket != tickets_.end() && ticket->second.end - now > lifetime / 2) return known->second;
    }
    if (order_.size() == kMost) drop_oldest();
    std::string text = fresh();
    tickets_[text] = {.recording_id = recording_id, .holder = holder, .end = now + lifetime};
    order_.push_back(text);
    return by_holder_[key] = std::move(text);
  }
  /// nullptr: unknown, or its time is over.
  [[nodiscard]] Ticket* find(const std::string& ticket, Instant now) {
    const auto found = tickets_.find(ticket);
    return found == tickets_.end() || found->second.end <= now ? nullptr : &found->second;
  }

 private:
  using Key = std::pair<std::string, std::pair<std::string, std::string>>;

  // A shorter lifetime after a reload: those behind a longer one stay until it is over, and `find` knows.
  void drop_expired(Instant now) {
    while (!order_.empty() && tickets_.at(order_.front()).end <= now) drop_oldest();
  }
  void drop_oldest() {
    const auto oldest = tickets_.find(order_.front());
    const Ticket& ticket = oldest->second;
    const auto holder = by_holder_.find({ticket.recording_id, {ticket.holder.tenant, ticket.holder.user_id}});
    if (holder != by_holder_.end() && holder->second == oldest->first) by_holder_.erase(holder);
    tickets_.erase(oldest);
    order_.pop_front();
  }

  std::map<std::string, Ticket> tickets_;
  std::map<Key, std::string> by_holder_;
  std::deque<std::string> order_;  // by their beginning
};

}  // namespace sluice::recording
