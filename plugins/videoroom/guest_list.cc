#include "guest_list.h"

#include <algorithm>

#include "refusal.h"

namespace sluice::videoroom {

namespace {

// ASCII alone: what stands before the @ is compared as mail servers do in practice, and a domain is ASCII on the wire.
std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

void GuestList::expect(ExpectedUser user) {
  if (user.user_id.empty() && user.email.empty()) refuse_field("userId", "a user id or an e-mail address is needed");
  ByName& list = user.user_id.empty() ? by_email_ : by_user_id_;
  std::string name = user.user_id.empty() ? lower_case(user.email) : user.user_id;
  if (!list.contains(name)) {
    demand_room_for_one_more(by_user_id_.size() + by_email_.size(), static_cast<int>(kMaxExpected), "expected users");
  }
  list.insert_or_assign(std::move(name), std::move(user));
}

void GuestList::no_longer_expect(const ExpectedUser& user) {
  if (user.user_id.empty()) {
    by_email_.erase(lower_case(user.email));
  } else {
    by_user_id_.erase(user.user_id);
  }
}

const ExpectedUser* GuestList::expected(const Identity& identity) const {
  if (const auto found = by_user_id_.find(identity.user_id); found != by_user_id_.end()) return &found->second;
  if (by_email_.empty() || identity.email.empty() || identity.guest) return nullptr;
  const auto found = by_email_.find(lower_case(identity.email));
  return found == by_email_.end() ? nullptr : &found->second;
}

void GuestList::ban(const std::string& user_id) {
  if (banned_.contains(user_id)) return;
  demand_room_for_one_more(banned_.size(), static_cast<int>(kMaxBans), "banned users in a room");
  banned_.insert(user_id);
  by_user_id_.erase(user_id);
}

}  // namespace sluice::videoroom
