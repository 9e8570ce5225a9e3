#include "admitted_users.h"

namespace sluice::waitingroom {

void AdmittedUsers::remember(const std::string& user_id, const std::string& pass) {
  const auto [entry, is_new] = users_.try_emplace(user_id);
  if (!pass.empty()) {
    entry->second.pass = pass;
    holders_[pass] = user_id;
  }
  if (!is_new) return;
  entry->second.age = next_age_++;
  by_age_.emplace(entry->second.age, user_id);
  if (users_.size() > kMost) forget(std::string{by_age_.begin()->second});
}

const std::string* AdmittedUsers::holder_of(const std::string& pass) const {
  const auto holder = holders_.find(pass);
  return holder == holders_.end() ? nullptr : &holder->second;
}

void AdmittedUsers::forget(const std::string& user_id) {
  const auto entry = users_.find(user_id);
  if (entry == users_.end()) return;
  holders_.erase(entry->second.pass);
  by_age_.erase(entry->second.age);
  users_.erase(entry);
}

void AdmittedUsers::clear() {
  users_.clear();
  holders_.clear();
  by_age_.clear();
}

}  // namespace sluice::waitingroom
