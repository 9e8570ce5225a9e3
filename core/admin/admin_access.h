#pragma once

#include <chrono>
#include <string>

#include "core/admin/access/admin_gate.h"
#include "core/admin/access/admin_store.h"
#include "core/admin/access/audit_trail.h"
#include "core/admin/admin_site.h"
#include "core/admin/audit_routes.h"
#include "core/admin/backup_routes.h"
#include "core/admin/client_token_routes.h"
#include "core/admin/operator_routes.h"

namespace sluice {

/// Who may use the admin API, what it did, and what is kept of it: operators and tokens, the audit trail, tokens of
/// clients, copies of the store; GET /admin/v1/me says who asks.
/// @note Control thread only; outlives the routes of `site`.
class AdminAccess {
 public:
  struct Parts {
    ControlLoop& loop;
    BackgroundPool& pool;
    StoreEngine& engine;
    ControlRoutes& routes;  ///< of the admin listener, whose answers are watched
    admin::AdminGate& gate;
    Tokens& tokens;
    LogBook& logs;
    MetricRegistry& metrics;
    FillRandom random;
    std::chrono::days audit_kept;
    StoreBackups::Options backups;
  };

  /// Blocks while it reads the operators' tokens; throws std::runtime_error where the store cannot be read.
  AdminAccess(AdminSite& site, Parts parts);
  ~AdminAccess();
  AdminAccess(const AdminAccess&) = delete;
  AdminAccess& operator=(const AdminAccess&) = delete;

  /// As admin_authorizer(AdminGate&), for routes that answer on net threads; what it refuses stands in the audit trail,
  /// too. Safe from any thread, for as long as the control loop lives.
  [[nodiscard]] AuthorizeRequest net_authorizer();
  /// Breaks off what is under way on the pool.
  void stop() noexcept { backups_.stop(); }

 private:
  ControlLoop& loop_;
  ControlRoutes& routes_;
  admin::AdminGate& gate_;
  admin::AdminStore store_;
  admin::AuditTrail trail_;
  OperatorRoutes operators_;
  AuditRoutes audit_;
  ClientTokenRoutes client_tokens_;
  BackupRoutes backups_;
  Lifeline lifeline_;
};

}  // namespace sluice
