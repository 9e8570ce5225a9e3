#pragma once

#include <string>

#include "core/admin/access/admin_gate.h"
#include "core/admin/access/admin_store.h"
#include "core/admin/access/operator_tables.h"
#include "core/admin/admin_site.h"
#include "core/base/random.h"
#include "sluice/lifeline.h"
#include "sluice/timers.h"

namespace sluice {

/// The operators that the store keeps, and their tokens: /admin/v1/operators. What a change has made of them holds for
/// every request from its answer on.
/// @note Control thread only; outlives the routes of `site`.
class OperatorRoutes {
 public:
  struct Parts {
    ControlLoop& loop;
    admin::AdminStore& store;
    admin::AdminGate& gate;
    FillRandom random;
  };

  /// Reads the tokens that the store has, so that they hold before anybody asks. Blocks; throws std::runtime_error.
  OperatorRoutes(AdminSite& site, Parts parts);

 private:
  struct Changed;

  void add_routes(AdminSite& site);
  void add_token_routes(AdminSite& site);
  void list(HttpReply reply);
  void create(const HttpRequest& request, HttpReply reply);
  void list_tokens(const HttpRequest& request, HttpReply reply);
  void create_token(const HttpRequest& request, HttpReply reply);
  /// Runs `work(StoreTransaction&) -> admin::Change`; answers where it made nothing.
  template <class Work>
  void change(Work work, HttpReply reply, Function<void(HttpReply)> made);
  void keep_seen();

  Parts parts_;
  Log& log_;
  Timer seen_timer_;
  Lifeline lifeline_;
};

}  // namespace sluice
