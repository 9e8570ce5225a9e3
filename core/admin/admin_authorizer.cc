#include "core/admin/admin_authorizer.h"

#include <memory>

namespace sluice {

AuthorizeRequest admin_authorizer(admin::AdminGate& gate) {
  return [&gate](const net::HttpRequest& request) { return gate.authorize(request); };
}

AuthorizeRequest admin_authorizer(const Secret& token) {
  admin::AccessRules rules;
  if (!token.empty()) {
    rules.tokens.push_back({.digest = admin::digest_of(token.reveal()),
                            .name = "admin",
                            .role = admin::Role::write,
                            .id = {},
                            .expires_at = {}});
  }
  // Owners: the copies of this function.
  const auto table = std::make_shared<const admin::AccessTable>(rules, std::vector<admin::KnownToken>{});
  return [table](const net::HttpRequest& request) -> Result<Identity, Error> {
    const auto caller = table->recognise(request, WallTime{});
    if (!caller) return caller.error();
    return admin::admit(*caller, request);
  };
}

}  // namespace sluice
