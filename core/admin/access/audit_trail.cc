#include "core/admin/access/audit_trail.h"

#include <chrono>
#include <memory>
#include <utility>

#include "sluice/result.h"

namespace sluice::admin {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxPathBytes = 512;
constexpr Duration kTidyInterval = 1h;

std::string text_of(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->as_string()} : std::string{};
}

}  // namespace

AuditTrail::AuditTrail(Parts parts)
    : parts_{parts},
      unrecorded_{parts.metrics.counter("audit_unrecorded_total",
                                        "Requests of which the audit trail has no record, for want of room or of a "
                                        "store that works.")},
      refusals_{{.per_second = kRefusedPerMinute / 60.0, .burst = kRefusedPerMinute}, parts.loop.now()},
      tidying_{parts.loop.every(kTidyInterval, [this] { tidy_up(); })} {}

bool AuditTrail::wants(const net::HttpRequest& request, int status) const {
  if (request.method == net::HttpMethod::options || status == http_status(ErrorCode::rate_limited)) return false;
  return is_refusal(status) || needed_role(request) == Role::write;
}

void AuditTrail::record(RouteAnswer answer, Function<void()> go_on) {
  const bool refused = is_refusal(answer.status);
  if (refused) {
    go_on();
    go_on = [] {};
    if (!may_record_refusal()) return unrecorded_.add();
  }
  AuditRecord record = describe(answer);
  log(record);
  if (!keeps_records()) return go_on();
  store(std::move(record), std::move(go_on));
}

AuditRecord AuditTrail::describe(const RouteAnswer& answer) const {
  AuditRecord record;
  if (answer.caller) {
    record.who = answer.caller->user_id;
    record.shown_by = text_of(answer.caller->claims, "by");
    record.token_id = text_of(answer.caller->claims, "tokenId");
  } else if (const auto caller = parts_.gate.recognise(answer.request)) {
    record.who = caller->name;
    record.shown_by = std::string{to_json(caller->by).as_string()};
    record.token_id = caller->token_id;
  }
  record.address = answer.request.remote.ip();
  record.method = net::to_string(answer.request.method);
  record.path = sanitise_text(answer.request.path, kMaxPathBytes);
  record.status = answer.status;
  return record;
}

bool AuditTrail::may_record_refusal() { return refusals_.take(parts_.loop.now()); }

void AuditTrail::log(const AuditRecord& record) {
  parts_.log.info("request", {{"who", record.who},
                              {"shown_by", record.shown_by},
                              {"token_id", record.token_id},
                              {"address", record.address},
                              {"method", record.method},
                              {"path", record.path},
                              {"status", record.status}});
}

void AuditTrail::store(AuditRecord record, Function<void()> go_on) {
  // Owners: this call and the completion, of which one goes on.
  const auto answer = std::make_shared<Function<void()>>(std::move(go_on));
  const auto failed = [this](const char* why) {
    unrecorded_.add();
    parts_.log.error("no record could be kept of the request before", {{"error", why}});
  };
  try {
    parts_.store.transact(
        [record = std::move(record), now = parts_.loop.wall_time()](StoreTransaction& transaction) {
          add_record(transaction, record, now);
          return Ok{};
        },
        [answer, failed = lifeline_.guard(failed)](JobResult<Ok> result) mutable {
          try {
            static_cast<void>(result.value());
          } catch (const std::exception& error) {
            failed(error.what());
          }
          (*answer)();
        });
  } catch (const std::exception& error) {  // too much work waits for the store
    failed(error.what());
    (*answer)();
  }
}

void AuditTrail::tidy_up() {
  if (!keeps_records() || !parts_.store.in_use()) return;
  try {
    parts_.store.transact(
        [bounds = AuditBounds{.oldest = parts_.loop.wall_time() - parts_.kept}](StoreTransaction& transaction) {
          keep_within(transaction, bounds);
          return Ok{};
        },
        [log = &parts_.log](JobResult<Ok> result) {
          try {
            static_cast<void>(result.value());
          } catch (const std::exception& error) {
            log->error("old records cannot be removed", {{"error", error.what()}});
          }
        });
  } catch (const Error& error) {
    parts_.log.warning("old records are removed later", {{"error", error.what()}});
  }
}

}  // namespace sluice::admin
