#include "users.h"

#include <utility>

#include "join_pass.h"
#include "sluice/log.h"
#include "store_task.h"
#include "text.h"
#include "user_rows.h"

namespace sluice::meetings {

namespace {

/// Users whose last claims are remembered; when there are more, all are forgotten, and written once more each.
constexpr std::size_t kMostSeen = 50'000;
constexpr std::size_t kMostWaiting = 5'000;
constexpr std::chrono::seconds kWriteDelay{1};
constexpr std::int64_t kPageOfDeactivated = 5'000;

std::string claims_of(const Identity& identity) {
  return identity.name + "\n" + identity.email + "\n" + identity.user_type;
}

}  // namespace

void Users::load() { load_after({}, {}); }

// Page by page: the store gives a bounded number of rows.
void Users::load_after(std::string tenant, std::string id) {
  in_store<std::vector<Key>>(
      host_, lifeline_,
      [tenant = std::move(tenant), id = std::move(id)](StoreTransaction& store) {
        return read_deactivated(store, tenant, id, kPageOfDeactivated);
      },
      [this](const Result<std::vector<Key>, Error>& page) {
        if (!page) {
          host_.log().error("who is deactivated cannot be read: nobody is let in", {{"error", page.error().what()}});
          return;
        }
        deactivated_.insert(page->begin(), page->end());
        loaded_ = static_cast<std::int64_t>(page->size()) < kPageOfDeactivated;
        if (!loaded_) load_after(page->back().first, page->back().second);
      });
}

void Users::demand_active(const Identity& identity) const {
  if (identity.guest) return;
  if (!loaded_) throw Error{ErrorCode::draining, "the gateway is starting; try again"};
  if (deactivated_.contains({identity.tenant, identity.user_id})) {
    throw Error{ErrorCode::permission_denied, "this user is deactivated"};
  }
}

void Users::seen(const Identity& identity) {
  // A join token says less of its user than the issuer's does.
  if (identity.guest || read_pass(identity)) return;
  if (seen_.size() >= kMostSeen) seen_.clear();
  const Instant now = host_.timers().now();
  const Key key{identity.tenant, identity.user_id};
  const auto [entry, fresh] = seen_.try_emplace(key);
  std::string claims = claims_of(identity);
  if (!fresh && entry->second.claims == claims && now - entry->second.written < options_.user_refresh_minutes) return;
  if (waiting_.size() >= kMostWaiting) {
    seen_.erase(entry);  // the next time it comes
    return;
  }
  entry->second = {.claims = std::move(claims), .written = now};
  const WallTime at = host_.timers().wall_time();
  waiting_[key] = {.tenant = identity.tenant,
                   .id = identity.user_id,
                   .name = identity.name,
                   .email = lower(identity.email),
                   .user_type = identity.user_type,
                   .profile_image = {},
                   .active = true,
                   .created_at = at,
                   .updated_at = at};
  if (!write_timer_) write_timer_ = host_.timers().after(kWriteDelay, [this] { flush(); });
}

void Users::flush() {
  write_timer_.cancel();
  if (waiting_.empty()) return;
  in_store<Ok>(
      host_, lifeline_,
      [waiting = std::exchange(waiting_, {}), most = std::int64_t{options_.users_per_tenant}](StoreTransaction& store) {
        UserCounts counts{store, most};
        for (const auto& [key, user] : waiting) remember_user(store, user, counts);
        return Ok{};
      },
      [this](const Result<Ok, Error>& written) {
        if (written) return;
        host_.log().warning("users who came were not written", {{"error", written.error().what()}});
        seen_.clear();
      });
}

void Users::search(UserFilter filter, Done<UserPage> done) {
  flush();
  in_store<UserPage>(
      host_, lifeline_, [filter = std::move(filter)](StoreTransaction& store) { return search_users(store, filter); },
      std::move(done));
}

void Users::put(std::vector<User> users, Done<std::vector<User>> done) {
  in_store<std::vector<User>>(
      host_, lifeline_,
      [users = std::move(users), most = std::int64_t{options_.users_per_tenant},
       now = host_.timers().wall_time()](StoreTransaction& store) mutable {
        UserCounts counts{store, most};
        for (User& user : users) {
          user.updated_at = now;
          put_user(store, user, counts);
        }
        return std::move(users);
      },
      [this, done = std::move(done)](Result<std::vector<User>, Error> written) mutable {
        if (written) {
          for (const User& user : *written) remember_active(user);
        }
        done(std::move(written));
      });
}

void Users::change(std::string tenant, std::string id, Change change, Done<User> done) {
  flush();  // who came a moment ago is known, too
  in_store<User>(
      host_, lifeline_,
      [tenant = std::move(tenant), id = std::move(id), change = std::move(change),
       now = host_.timers().wall_time()](StoreTransaction& store) mutable {
        User user = present_user(store, tenant, id);
        change(user);
        user.updated_at = now;
        update_user(store, user);
        return user;
      },
      [this, done = std::move(done)](Result<User, Error> written) mutable {
        if (written) remember_active(*written);
        done(std::move(written));
      });
}

void Users::remember_active(const User& user) {
  const Key key{user.tenant, user.id};
  seen_.erase(key);  // what the token says stands again at its next visit
  if (user.active) {
    deactivated_.erase(key);
  } else {
    deactivated_.insert(key);
  }
}

}  // namespace sluice::meetings
