#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "options.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/host.h"
#include "sluice/identity.h"
#include "sluice/lifeline.h"
#include "sluice/result.h"
#include "sluice/timers.h"

namespace sluice::meetings {

/// A user of a tenant, as the directory has it.
struct User {
  std::string tenant;
  std::string id;
  std::string name;
  std::string email;  ///< lower case
  std::string user_type;
  std::string profile_image;
  bool active = true;
  WallTime created_at{};
  WallTime updated_at{};
};

struct UserFilter {
  std::string tenant;
  std::string query;                    ///< a part of name or e-mail, without regard to case; empty: all
  std::vector<std::string> user_types;  ///< empty: all
  std::string not_in_meeting;           ///< leaves out who is invited there; empty: nobody
  bool active_only = true;
  std::int64_t offset = 0;
  std::int64_t limit = 20;
};

struct UserPage {
  std::vector<User> entries;
  std::int64_t total = 0;
};

/// The directory: filled from the claims of who comes, and by the admin API.
/// @note Control thread only; `done` runs there, after the change is on disk.
class Users {
 public:
  template <class T>
  using Done = Function<void(Result<T, Error>)>;
  /// Runs on the store's thread.
  using Change = Function<void(User&)>;

  Users(Host& host, const Options& options) : host_{host}, options_{options} {}

  /// Reads who is deactivated.
  void load();
  /// Throws Error{permission_denied} for a deactivated user (and, for the moment of the start in which it is not known
  /// who is, Error{draining} for everybody). Guests pass.
  void demand_active(const Identity& identity) const;
  /// Remembers what the token says of the user; written together with others, and only if it is new.
  void seen(const Identity& identity);
  /// Writes what waits; for the end.
  void flush();

  void search(UserFilter filter, Done<UserPage> done);
  /// Makes the users, or changes those that are there; at most 1,000. All or none: limit_exceeded.
  void put(std::vector<User> users, Done<std::vector<User>> done);
  void change(std::string tenant, std::string id, Change change, Done<User> done);

 private:
  using Key = std::pair<std::string, std::string>;  // tenant, user id
  struct Seen {
    std::string claims;
    Instant written{};
  };

  void load_after(std::string tenant, std::string id);
  void remember_active(const User& user);

  Host& host_;
  const Options& options_;
  bool loaded_ = false;
  std::set<Key> deactivated_;
  std::map<Key, Seen> seen_;
  std::map<Key, User> waiting_;
  Timer write_timer_;
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
