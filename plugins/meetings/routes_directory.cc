// The directory of users, for the operator: `/admin/v1/users`.
#include <utility>

#include "door.h"
#include "routes.h"
#include "user_fields.h"

namespace sluice::meetings {

struct ListUsers {
  static constexpr bool kSnakeCase = true;
  Text<256> tenant;
  std::optional<Text<256>> query;
  std::optional<Text<64>> user_type;
  std::optional<bool> active_only;
  std::optional<std::int64_t> page;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> offset;
  static constexpr std::array kMayBeMissing{std::string_view{"tenant"}};
};
BOOST_DESCRIBE_STRUCT(ListUsers, (), (tenant, query, user_type, active_only, page, limit, offset))

namespace {

// A path has no empty segment: `-` stands for the tenant without a name.
std::string tenant_of(const HttpRequest& request) {
  const std::string& tenant = request.path_parameters.at("tenant");
  return tenant == "-" ? "" : tenant;
}

json::array users_json(const std::vector<User>& users) {
  json::array out;
  for (const User& user : users) out.push_back(user_json(user));
  return out;
}

// Who is in a room, and may not be anywhere any more.
void tell_the_rooms(Context& context, const User& user) {
  if (!user.active) context.live.deactivated(user.tenant, user.id);
}

void list(Context& context, const rest::Call<Nothing, ListUsers>& call, rest::Reply reply) {
  const ListUsers& query = call.query;
  const Paging paging = paging_of(query.page, query.limit, query.offset, context.options);
  UserFilter filter{.tenant = query.tenant,
                    .query = query.query ? sanitise_text(*query.query) : "",
                    .user_types = {},
                    .not_in_meeting = {},
                    .active_only = query.active_only.value_or(false),
                    .offset = paging.offset,
                    .limit = paging.limit};
  if (query.user_type) filter.user_types.push_back(*query.user_type);
  context.users.search(std::move(filter),
                       [&context, paging, reply = std::move(reply)](Result<UserPage, Error> page) mutable {
                         answering(context.host, reply, [&] {
                           const UserPage& found = value_of(page);
                           reply.member("pagination", paging_json(paging, found.entries.size(), found.total));
                           reply.ok(json::object{{"users", users_json(found.entries)}});
                         });
                       });
}

void put(Context& context, std::vector<User> users, int status, rest::Reply reply) {
  context.users.put(std::move(users),
                    [&context, status, reply = std::move(reply)](Result<std::vector<User>, Error> written) mutable {
                      answering(context.host, reply, [&] {
                        const std::vector<User>& stored = value_of(written);
                        for (const User& user : stored) tell_the_rooms(context, user);
                        reply.respond(status, json::object{{"users", users_json(stored)}, {"count", stored.size()}});
                      });
                    });
}

void change(Context& context, const HttpRequest& http, UserChange wish, rest::Reply reply) {
  static_cast<void>(changed_user({}, wish));  // what is wrong with it is said before the store is asked
  context.users.change(
      tenant_of(http), http.path_parameters.at("id"),
      [wish = std::move(wish)](User& user) { user = changed_user(std::move(user), wish); },
      [&context, reply = std::move(reply)](Result<User, Error> written) mutable {
        answering(context.host, reply, [&] {
          const User& user = value_of(written);
          tell_the_rooms(context, user);
          reply.ok(user_json(user));
        });
      });
}

}  // namespace

void serve_directory(Context& context) {
  Http& admin = context.host.admin();
  rest::route<UserFields>(admin, "POST", "/users",
                          {.summary = "Makes a user, or changes it", .tag = "users", .status = 201},
                          [&context](const auto& call, rest::Reply reply) {
                            put(context, {read_user(call.body, "")}, 201, std::move(reply));
                          });
  rest::route(
      admin, "POST", "/users/import",
      {.summary = "Makes or changes users: a JSON array, or CSV with a line of names", .tag = "users"},
      [&context](const auto& call, rest::Reply reply) { put(context, read_users(call.http), 200, std::move(reply)); });
  rest::route<Nothing, ListUsers>(
      admin, "GET", "/users", {.summary = "The users of a tenant, page by page", .tag = "users"},
      [&context](const auto& call, rest::Reply reply) { list(context, call, std::move(reply)); });
  rest::route<UserChange>(
      admin, "PATCH", "/users/{tenant}/{id}",
      {.summary = "Changes a user; `active: false` shuts it out", .tag = "users"},
      [&context](const auto& call, rest::Reply reply) { change(context, call.http, call.body, std::move(reply)); });
  rest::route(admin, "POST", "/users/{tenant}/{id}/deactivate",
              {.summary = "Shuts a user out, at every door and at once", .tag = "users"},
              [&context](const auto& call, rest::Reply reply) {
                UserChange wish;
                wish.active = false;
                change(context, call.http, std::move(wish), std::move(reply));
              });
}

}  // namespace sluice::meetings
