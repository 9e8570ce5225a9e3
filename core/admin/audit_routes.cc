#include "core/admin/audit_routes.h"

#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/admin/access/audit_tables.h"
#include "core/admin/admin_operations.h"
#include "sluice/json_schema.h"

namespace sluice {

namespace {

constexpr std::size_t kMaxWho = Identity::kMaxBytes;

struct AuditPage {
  std::vector<admin::AuditRecord> records;  ///< the newest first
  std::optional<std::int64_t> before;       ///< for the request after this one, where there may be more
};
BOOST_DESCRIBE_STRUCT(AuditPage, (), (records, before))

std::optional<std::int64_t> number(const HttpRequest& request, std::string_view name, std::int64_t largest) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return std::nullopt;
  const std::string& text = found->second;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= 1 && value <= largest) return value;
  throw Error{ErrorCode::invalid_payload,
              std::string{name} + ": a number from 1 to " + std::to_string(largest),
              {{"path", name}}};
}

admin::AuditQuery query_of(const HttpRequest& request) {
  admin::AuditQuery query;
  query.before = number(request, "before", std::numeric_limits<std::int64_t>::max());
  const auto limit = number(request, "limit", AuditRoutes::kMaxRecords);
  if (limit) query.limit = static_cast<std::size_t>(*limit);
  const auto who = request.query.find("who");
  if (who == request.query.end()) return query;
  if (who->second.size() > kMaxWho) throw Error{ErrorCode::invalid_payload, "who: too long", {{"path", "who"}}};
  query.who = who->second;
  return query;
}

}  // namespace

AuditRoutes::AuditRoutes(AdminSite& site, admin::AdminStore& store) : store_{store} {
  site.add("GET", "/audit", admin::operation("Who changed what, and who was refused", schema_of<AuditPage>()),
           [this](const HttpRequest& request, HttpReply reply) { list(request, std::move(reply)); });
}

void AuditRoutes::list(const HttpRequest& request, HttpReply reply) {
  const admin::AuditQuery query = query_of(request);
  if (!store_.in_use()) return reply.json(to_json(AuditPage{}));
  using Records = std::vector<admin::AuditRecord>;
  store_.transact([query](StoreTransaction& store) { return admin::records(store, query); },
                  lifeline_.guard([reply = std::move(reply), limit = query.limit](JobResult<Records> found) mutable {
                    AuditPage page{.records = std::move(found.value()), .before = {}};
                    if (page.records.size() == limit) page.before = page.records.back().seq;
                    reply.json(to_json(page));
                  }));
}

}  // namespace sluice
