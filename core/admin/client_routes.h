#pragma once

#include <cstddef>

#include "core/admin/admin_site.h"
#include "core/dispatch/dispatcher.h"

namespace sluice {

/// Who is connected, by whatever door: GET /admin/v1/clients, GET and DELETE /admin/v1/clients/{id}.
/// @note Control thread only; outlives the routes of `site`.
class ClientRoutes {
 public:
  static constexpr std::size_t kDefaultPage = 50;
  static constexpr std::size_t kMaxPage = 500;
  /// Of a reason for a disconnection.
  static constexpr std::size_t kMaxReasonBytes = 200;

  ClientRoutes(AdminSite& site, Dispatcher& dispatcher);

 private:
  void list(const HttpRequest& request, HttpReply reply) const;
  void disconnect(const HttpRequest& request, HttpReply reply);

  Dispatcher& dispatcher_;
  Log& log_;
};

}  // namespace sluice
