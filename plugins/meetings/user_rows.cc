#include "user_rows.h"

#include <optional>

#include "meeting_rows.h"
#include "repository_steps.h"
#include "text.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

constexpr std::string_view kColumns =
    R"(u."tenant", u."id", u."name", u."email", u."user_type", u."profile_image", u."active", u."created_at",
       u."updated_at")";

User read_user(const StoreRow& row) {
  return {.tenant = text(row.at(0)),
          .id = text(row.at(1)),
          .name = text(row.at(2)),
          .email = text(row.at(3)),
          .user_type = text(row.at(4)),
          .profile_image = text(row.at(5)),
          .active = number(row.at(6)) != 0,
          .created_at = from_ms(number(row.at(7))),
          .updated_at = from_ms(number(row.at(8)))};
}

std::string searched(const User& user) { return fold(user.name + "\n" + user.email); }

std::optional<User> find_user(StoreTransaction& store, const std::string& tenant, const std::string& id) {
  const auto rows =
      store.query("SELECT " + std::string{kColumns} + R"( FROM "meetings_user" u WHERE u."tenant" = ? AND u."id" = ?)",
                  {tenant, id});
  if (rows.empty()) return std::nullopt;
  return read_user(rows.front());
}

std::int64_t count_users(StoreTransaction& store, const std::string& tenant) {
  return number(store.query(R"(SELECT count(*) FROM "meetings_user" WHERE "tenant" = ?)", {tenant}).at(0).at(0));
}

void insert_user(StoreTransaction& store, const User& user) {
  store.query(R"(INSERT INTO "meetings_user" ("tenant", "id", "name", "email", "search", "user_type", "profile_image",
                 "active", "created_at", "updated_at") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
              {user.tenant, user.id, user.name, user.email, searched(user), user.user_type, user.profile_image,
               std::int64_t{user.active}, to_ms(user.created_at), to_ms(user.updated_at)});
}

void add_types(std::string& where, std::vector<StoreValue>& values, const std::vector<std::string>& types) {
  if (types.empty()) return;
  where += R"( AND u."user_type" IN )" + places(types.size());
  values.insert(values.end(), types.begin(), types.end());
}

// Leaves out who is invited, also by address alone.
void add_not_in_meeting(std::string& where, std::vector<StoreValue>& values, const UserFilter& filter) {
  if (filter.not_in_meeting.empty()) return;
  where += R"( AND NOT EXISTS (SELECT 1 FROM "meetings_participant" p WHERE p."tenant" = u."tenant"
                AND p."user_id" = u."id" AND p."user_id" <> '' AND p."meeting_id" = ? AND p."status" <> 'removed')
              AND NOT EXISTS (SELECT 1 FROM "meetings_participant" p WHERE p."tenant" = u."tenant"
                AND p."email" = u."email" AND p."user_id" = '' AND p."meeting_id" = ? AND p."status" <> 'removed'))";
  values.insert(values.end(), {filter.not_in_meeting, filter.not_in_meeting});
}

}  // namespace

User present_user(StoreTransaction& store, const std::string& tenant, const std::string& id) {
  std::optional<User> user = find_user(store, tenant, id);
  if (!user) throw Error{ErrorCode::not_found, "there is no such user"};
  return std::move(*user);
}

void update_user(StoreTransaction& store, const User& user) {
  store.query(R"(UPDATE "meetings_user" SET "name" = ?, "email" = ?, "search" = ?, "user_type" = ?,
                 "profile_image" = ?, "active" = ?, "updated_at" = ? WHERE "tenant" = ? AND "id" = ?)",
              {user.name, user.email, searched(user), user.user_type, user.profile_image, std::int64_t{user.active},
               to_ms(user.updated_at), user.tenant, user.id});
}

bool UserCounts::add_to(const std::string& tenant) {
  const auto [entry, unknown] = by_tenant_.try_emplace(tenant, 0);
  if (unknown) entry->second = count_users(store_, tenant);
  if (entry->second >= most_) return false;
  ++entry->second;
  return true;
}

void remember_user(StoreTransaction& store, const User& user, UserCounts& counts) {
  std::optional<User> known = find_user(store, user.tenant, user.id);
  if (!known) {
    if (counts.add_to(user.tenant)) insert_user(store, user);
    return;
  }
  // A token that is silent takes nothing away.
  if (!user.name.empty()) known->name = user.name;
  if (!user.email.empty()) known->email = user.email;
  if (!user.user_type.empty()) known->user_type = user.user_type;
  known->updated_at = user.updated_at;
  update_user(store, *known);
}

void put_user(StoreTransaction& store, User& user, UserCounts& counts) {
  if (const std::optional<User> known = find_user(store, user.tenant, user.id)) {
    user.created_at = known->created_at;
    return update_user(store, user);
  }
  if (!counts.add_to(user.tenant)) {
    throw Error{ErrorCode::limit_exceeded, "so many users are not kept", {{"limit", counts.most()}}};
  }
  user.created_at = user.updated_at;
  insert_user(store, user);
}

UserPage search_users(StoreTransaction& store, const UserFilter& filter) {
  std::string where = R"( FROM "meetings_user" u WHERE u."tenant" = ?)";
  std::vector<StoreValue> values{filter.tenant};
  if (filter.active_only) where += R"( AND u."active" = 1)";
  if (!filter.query.empty()) {
    where += R"( AND u."search" LIKE ? ESCAPE '\')";
    values.emplace_back(containing(filter.query));
  }
  add_types(where, values, filter.user_types);
  add_not_in_meeting(where, values, filter);
  UserPage page;
  page.total = number(store.query("SELECT count(*)" + where, values).at(0).at(0));
  values.insert(values.end(), {filter.limit, filter.offset});
  const auto rows = store.query(
      "SELECT " + std::string{kColumns} + where + R"( ORDER BY u."search", u."id" LIMIT ? OFFSET ?)", values);
  for (const StoreRow& row : rows) page.entries.push_back(read_user(row));
  return page;
}

std::vector<std::pair<std::string, std::string>> read_deactivated(StoreTransaction& store, const std::string& tenant,
                                                                  const std::string& id, std::int64_t most) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto rows = store.query(R"(SELECT "tenant", "id" FROM "meetings_user" WHERE "active" = 0
                                   AND ("tenant" > ? OR ("tenant" = ? AND "id" > ?))
                                   ORDER BY "tenant", "id" LIMIT ?)",
                                {tenant, tenant, id, most});
  for (const StoreRow& row : rows) out.emplace_back(text(row.at(0)), text(row.at(1)));
  return out;
}

}  // namespace sluice::meetings
