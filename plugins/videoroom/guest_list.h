#pragma once

#include <map>
#include <set>
#include <string>

#include "sluice/contracts/rooms.h"

namespace sluice::videoroom {

/// Who may come into a room without asking, and who may not come in at all.
class GuestList {
 public:
  static constexpr std::size_t kMaxExpected = 10'000;
  /// One more is refused.
  static constexpr std::size_t kMaxBans = 1'000;

  /// Throws LIMIT_EXCEEDED; INVALID_PAYLOAD where neither the user id nor the e-mail address says who. The same user
  /// again: the new role.
  void expect(ExpectedUser user);
  void no_longer_expect(const ExpectedUser& user);
  /// nullptr: nobody said so. A user id goes before an e-mail address. Nobody is expected by the e-mail address of a
  /// guest, which nobody has verified.
  [[nodiscard]] const ExpectedUser* expected(const Identity& identity) const;

  /// For the room's life; who was expected is not any more. Throws LIMIT_EXCEEDED.
  void ban(const std::string& user_id);
  [[nodiscard]] bool banned(const std::string& user_id) const { return banned_.contains(user_id); }

 private:
  using ByName = std::map<std::string, ExpectedUser, std::less<>>;

  ByName by_user_id_;
  ByName by_email_;  // lower case
  std::set<std::string, std::less<>> banned_;
};

}  // namespace sluice::videoroom
