#include "core/admin/admin_access.h"

#include <memory>
#include <optional>
#include <utility>

#include "core/admin/admin_operations.h"
#include "sluice/json_schema.h"

namespace sluice {

namespace {

struct Me {
  std::string name;
  std::string role;
  std::string by;  ///< token, certificate, loopback
};
BOOST_DESCRIBE_STRUCT(Me, (), (name, role, by))

Me me(const Identity& caller) {
  return {
      .name = caller.user_id, .role = caller.role.value_or(""), .by = std::string{caller.claims.at("by").as_string()}};
}

}  // namespace

AdminAccess::AdminAccess(AdminSite& site, Parts parts)
    : loop_{parts.loop},
      routes_{parts.routes},
      gate_{parts.gate},
      store_{{.engine = parts.engine, .loop = parts.loop, .file = parts.backups.database, .log = site.log()}},
      trail_{{.loop = parts.loop,
              .store = store_,
              .gate = parts.gate,
              .log = parts.logs.component("admin.audit"),
              .metrics = parts.metrics.component("admin"),
              .kept = parts.audit_kept}},
      operators_{site, {.loop = parts.loop, .store = store_, .gate = parts.gate, .random = std::move(parts.random)}},
      audit_{site, store_},
      client_tokens_{site, parts.loop, parts.tokens},
      backups_{site, {.loop = parts.loop, .pool = parts.pool, .backups = std::move(parts.backups)}} {
  site.add("GET", "/me", admin::operation("Who asks, and what it may do", schema_of<Me>()),
           [](const HttpRequest& request, HttpReply reply) { reply.json(to_json(me(request.identity))); });
  routes_.watch(&trail_);
}

AdminAccess::~AdminAccess() { routes_.watch(nullptr); }

AuthorizeRequest AdminAccess::net_authorizer() {
  // Asked for its life on the control thread alone.
  auto record = std::make_shared<std::function<void(RouteAnswer)>>(
      lifeline_.guard([this](RouteAnswer answer) { trail_.record(std::move(answer), [] {}); }));
  return [gate = &gate_, loop = &loop_, record](const net::HttpRequest& request) -> Result<Identity, Error> {
    Result<Identity, Error> caller = gate->authorize(request);
    if (caller) return caller;
    const int status = http_status(caller.error().code());
    if (!admin::is_refusal(status)) return caller;
    RouteAnswer answer{.request = request, .caller = {}, .status = status};
    loop->post([record, answer = std::move(answer)]() mutable { (*record)(std::move(answer)); });
    return caller;
  };
}

}  // namespace sluice
