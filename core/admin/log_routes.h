#pragma once

#include <cstddef>

#include "core/admin/admin_site.h"

namespace sluice {

/// Log levels, read and changed while running: GET, PUT, PATCH /admin/v1/log; and the latest lines: GET
/// /admin/v1/log/lines.
/// @note Control thread only; outlives the routes of `site`.
class LogRoutes {
 public:
  /// More named components than this are refused by PUT and PATCH.
  static constexpr std::size_t kMaxNamedLevels = 100;
  static constexpr std::size_t kMaxComponentName = 64;
  static constexpr std::size_t kMaxLines = 500;  ///< of one answer

  explicit LogRoutes(AdminSite& site);

 private:
  void patch(const HttpRequest& request, HttpReply reply);
  void set_levels(const LogLevels& levels, HttpReply reply);
  void show_lines(const HttpRequest& request, HttpReply reply) const;

  LogBook& logs_;
  Log& log_;
};

}  // namespace sluice
