#pragma once

#include <optional>
#include <string>

#include "core/admin/access/admin_gate.h"
#include "core/admin/access/admin_store.h"
#include "core/admin/access/audit_tables.h"
#include "core/api/control_routes.h"
#include "core/net/rate_limiter.h"
#include "sluice/timers.h"

namespace sluice::admin {

/// Who changed what, and who was refused: each such request leaves a line in the log (component `admin.audit`) and a
/// record in the store. The answer to a change goes out once its record is on disk, so that nobody is told of a change
/// of which no trace is left; where the store fails the change is answered nevertheless, and the log says so.
///
/// Refused requests, which anybody can make, are recorded kRefusedPerMinute times a minute at most; their answers do
/// not wait. What is beyond is counted (`sluice_admin_audit_unrecorded_total`).
/// @note Control thread only.
class AuditTrail final : public AnswerWatch {
 public:
  static constexpr int kRefusedPerMinute = 60;

  struct Parts {
    ControlLoop& loop;
    AdminStore& store;
    const AdminGate& gate;
    Log& log;  ///< of the component `admin.audit`
    Metrics& metrics;
    std::chrono::days kept{90};  ///< zero: the log alone
  };

  explicit AuditTrail(Parts parts);

  [[nodiscard]] bool wants(const net::HttpRequest& request, int status) const override;
  void record(RouteAnswer answer, Function<void()> go_on) override;
  [[nodiscard]] bool keeps_records() const noexcept { return parts_.kept.count() > 0; }

 private:
  [[nodiscard]] AuditRecord describe(const RouteAnswer& answer) const;
  [[nodiscard]] bool may_record_refusal();
  void log(const AuditRecord& record);
  void store(AuditRecord record, Function<void()> go_on);
  void tidy_up();

  Parts parts_;
  Counter& unrecorded_;
  net::TokenBucket refusals_;
  Timer tidying_;
  Lifeline lifeline_;
};

}  // namespace sluice::admin
