#pragma once

#include "core/admin/access/admin_store.h"
#include "core/admin/admin_site.h"
#include "sluice/lifeline.h"

namespace sluice {

/// The audit trail, read: GET /admin/v1/audit.
/// @note Control thread only; outlives the routes of `site`.
class AuditRoutes {
 public:
  static constexpr std::size_t kMaxRecords = 500;

  AuditRoutes(AdminSite& site, admin::AdminStore& store);

 private:
  void list(const HttpRequest& request, HttpReply reply);

  admin::AdminStore& store_;
  Lifeline lifeline_;
};

}  // namespace sluice
