#pragma once

#include "core/admin/admin_site.h"
#include "core/control/control_loop.h"
#include "sluice/tokens.h"

namespace sluice {

/// Tokens of clients, made for a support call: POST /admin/v1/client-tokens.
/// @note Control thread only; outlives the routes of `site`.
class ClientTokenRoutes {
 public:
  ClientTokenRoutes(AdminSite& site, ControlLoop& loop, Tokens& tokens);

 private:
  void issue(const HttpRequest& request, HttpReply reply);

  ControlLoop& loop_;
  Tokens& tokens_;
};

}  // namespace sluice
