#pragma once

#include <cstddef>

#include "core/admin/admin_site.h"

namespace sluice {

/// Log levels, read and changed while running: GET, PUT, PATCH /admin/v1/log.
/// @note Control thread only; outlives the routes of `site`.
class LogRoutes {
 public:
  /// More named components than this are refused by PUT and PATCH.
  static constexpr std::size_t kMaxNamedLevels = 100;
  static constexpr std::size_t kMaxComponentName = 64;

  explicit LogRoutes(AdminSite& site);

 private:
  void patch(const HttpRequest& request, HttpReply reply);
  void set_levels(const LogLevels& levels, HttpReply reply);

  LogBook& logs_;
  Log& log_;
};

}  // namespace sluice
