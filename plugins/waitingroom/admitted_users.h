#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

namespace sluice::waitingroom {

/// Who was let into a room in its life, and does not wait again: users by their id, guests without a lasting one by the
/// pass.
class AdmittedUsers {
 public:
  /// One more, and the one admitted first is forgotten: it would have to wait again.
  static constexpr std::size_t kMost = 10'000;

  /// @param pass  Empty: the user id lasts.
  void remember(const std::string& user_id, const std::string& pass = {});
  [[nodiscard]] bool knows(const std::string& user_id) const { return users_.contains(user_id); }
  /// Whose pass this is; nullptr: nobody's who was let in.
  [[nodiscard]] const std::string* holder_of(const std::string& pass) const;
  /// The user waits like a stranger from now on, and so does who shows its pass.
  void forget(const std::string& user_id);
  void clear();
  [[nodiscard]] bool empty() const noexcept { return users_.empty(); }

 private:
  struct User {
    std::string pass;
    std::uint64_t age = 0;
  };

  std::uint64_t next_age_ = 0;
  std::unordered_map<std::string, User> users_;           // by user id
  std::unordered_map<std::string, std::string> holders_;  // user id by pass
  std::map<std::uint64_t, std::string> by_age_;           // user ids, eldest first
};

}  // namespace sluice::waitingroom
