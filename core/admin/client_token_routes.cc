#include "core/admin/client_token_routes.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "core/admin/admin_body.h"
#include "core/admin/admin_operations.h"
#include "sluice/json_schema.h"
#include "sluice/utc_text.h"

namespace sluice {

namespace {

struct ClientTokenWish {
  Text<Identity::kMaxBytes> user_id;
  std::optional<Text<Identity::kMaxBytes>> name;
  std::optional<Text<Identity::kMaxBytes>> tenant;
  std::optional<Text<64>> role;
  std::optional<Text<Identity::kMaxBytes>> room;
  std::int64_t lifetime_seconds = 0;
};
BOOST_DESCRIBE_STRUCT(ClientTokenWish, (), (user_id, name, tenant, role, room, lifetime_seconds))

struct ClientToken {
  std::string token;
  std::string expires_at;
};
BOOST_DESCRIBE_STRUCT(ClientToken, (), (token, expires_at))

[[noreturn]] void refuse(std::string_view field, const std::string& why) {
  throw Error{ErrorCode::invalid_payload, std::string{field} + ": " + why, {{"path", field}}};
}

TokenRequest token_of(const ClientTokenWish& wish) {
  TokenRequest request;
  request.identity.user_id = sanitise_text(wish.user_id);
  if (request.identity.user_id.empty()) refuse("userId", "is empty");
  request.identity.name = sanitise_text(wish.name.value_or(""));
  request.identity.tenant = sanitise_text(wish.tenant.value_or(""));
  if (wish.role) request.identity.role = sanitise_text(*wish.role);
  if (wish.room) request.extra["room"] = sanitise_text(*wish.room);
  if (wish.lifetime_seconds < 1 || wish.lifetime_seconds > TokenRequest::kMaxLifetime.count()) {
    refuse("lifetimeSeconds", "1 to " + std::to_string(TokenRequest::kMaxLifetime.count()));
  }
  request.lifetime = std::chrono::seconds{wish.lifetime_seconds};
  return request;
}

}  // namespace

ClientTokenRoutes::ClientTokenRoutes(AdminSite& site, ControlLoop& loop, Tokens& tokens)
    : loop_{loop}, tokens_{tokens} {
  site.add("POST", "/client-tokens",
           admin::operation("A token with which a client comes in as somebody", schema_of<ClientToken>(),
                            schema_of<ClientTokenWish>()),
           [this](const HttpRequest& request, HttpReply reply) { issue(request, std::move(reply)); });
}

void ClientTokenRoutes::issue(const HttpRequest& request, HttpReply reply) {
  const TokenRequest wanted = token_of(admin::body_of<ClientTokenWish>(request));
  const ClientToken made{.token = tokens_.issue(wanted), .expires_at = utc_text(loop_.wall_time() + wanted.lifetime)};
  reply.json(to_json(made), 201);
}

}  // namespace sluice
