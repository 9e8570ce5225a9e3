#include "core/admin/client_routes.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/admin/admin_operations.h"
#include "sluice/json_schema.h"

namespace sluice {

namespace {

/// The answer, as docs/admin-api.md shows it.
struct ConnectedClient {
  std::uint64_t id = 0;
  std::string door;  ///< `socket.io`, `websocket`, `plugin`
  std::string remote_address;
  std::string user_agent;
  std::string user_id;
  std::string name;
  std::string tenant;
  bool guest = false;
  std::string profile;            ///< of older event names; empty: none
  std::int64_t connected_at = 0;  ///< milliseconds since the epoch
};
BOOST_DESCRIBE_STRUCT(ConnectedClient, (),
                      (id, door, remote_address, user_agent, user_id, name, tenant, guest, profile, connected_at))

struct ClientPage {
  std::size_t total = 0;
  std::size_t offset = 0;
  std::vector<ConnectedClient> clients;
};
BOOST_DESCRIBE_STRUCT(ClientPage, (), (total, offset, clients))

ConnectedClient describe(const ClientSession& client, std::string_view profile) {
  using std::chrono::milliseconds;
  const auto since = client.connected_at().time_since_epoch();
  return {.id = client.id().value(),
          .door = std::string{to_string(client.door())},
          .remote_address = client.remote_address(),
          .user_agent = client.user_agent(),
          .user_id = client.identity().user_id,
          .name = client.identity().name,
          .tenant = client.identity().tenant,
          .guest = client.identity().guest,
          .profile = std::string{profile},
          .connected_at = std::chrono::duration_cast<milliseconds>(since).count()};
}

template <class Number>
Number parse(std::string_view text, const char* path) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return number;
  throw Error{ErrorCode::invalid_payload, "this is no number", {{"path", path}}};
}

std::size_t number_of(const HttpRequest& request, const char* name, std::size_t otherwise) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? otherwise : parse<std::size_t>(found->second, name);
}

ClientId id_of(const HttpRequest& request) {
  return ClientId{parse<std::uint64_t>(request.path_parameters.find("id")->second, "id")};
}

ClientSession& client_of(Dispatcher& dispatcher, const HttpRequest& request) {
  if (ClientSession* client = dispatcher.find(id_of(request))) return *client;
  throw Error{ErrorCode::not_found, "no client of this id is connected"};
}

}  // namespace

ClientRoutes::ClientRoutes(AdminSite& site, Dispatcher& dispatcher) : dispatcher_{dispatcher}, log_{site.log()} {
  site.add("GET", "/clients", admin::operation("Who is connected, a page at a time", schema_of<ClientPage>()),
           [this](const HttpRequest& request, HttpReply reply) { list(request, std::move(reply)); });
  site.add("GET", "/clients/{id}", admin::operation("One client", schema_of<ConnectedClient>()),
           [this](const HttpRequest& request, HttpReply reply) {
             const ClientSession& client = client_of(dispatcher_, request);
             reply.json(to_json(describe(client, dispatcher_.profile_of(client))));
           });
  site.add("DELETE", "/clients/{id}", admin::operation("Ends a client's connection", {{"type", "object"}}),
           [this](const HttpRequest& request, HttpReply reply) { disconnect(request, std::move(reply)); });
}

void ClientRoutes::list(const HttpRequest& request, HttpReply reply) const {
  const auto all = dispatcher_.clients();
  ClientPage page;
  page.total = all.size();
  page.offset = std::min(number_of(request, "offset", 0), all.size());
  const std::size_t limit = std::min(number_of(request, "limit", kDefaultPage), kMaxPage);
  const std::size_t end = page.offset + std::min(limit, all.size() - page.offset);
  for (std::size_t i = page.offset; i < end; ++i) {
    page.clients.push_back(describe(*all[i], dispatcher_.profile_of(*all[i])));
  }
  reply.json(to_json(page));
}

void ClientRoutes::disconnect(const HttpRequest& request, HttpReply reply) {
  ClientSession& client = client_of(dispatcher_, request);
  const auto given = request.query.find("reason");
  std::string reason = given == request.query.end() ? "" : sanitise_text(given->second, kMaxReasonBytes);
  if (reason.empty()) reason = "disconnected by the operator";
  log_.info("client disconnected by the operator",
            {{"client", client.id().value()}, {"user", client.identity().user_id}, {"reason", reason}});
  const std::uint64_t id = client.id().value();
  client.disconnect(ErrorCode::permission_denied, reason);
  reply.json(json::object{{"id", id}, {"disconnected", true}});
}

}  // namespace sluice
