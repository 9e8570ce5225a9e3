#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/json.h"
#include "sluice/store.h"
#include "sluice/time.h"

/// The audit trail as the store keeps it.
/// @note Each function is a part of one unit of work, on the store's thread.
namespace sluice::admin {

/// One request to the admin API that changed something, or that was refused.
struct AuditRecord {
  std::int64_t seq = 0;  ///< given by the store; a later record has a larger one
  std::string time;
  std::string who;       ///< empty: nobody known
  std::string shown_by;  ///< token, certificate, loopback; empty: nobody known
  std::string token_id;  ///< of a token that the store keeps
  std::string address;   ///< without the port
  std::string method;
  std::string path;  ///< without the query
  std::int64_t status = 0;
};
BOOST_DESCRIBE_STRUCT(AuditRecord, (), (seq, time, who, shown_by, token_id, address, method, path, status))

struct AuditQuery {
  std::optional<std::int64_t> before;  ///< records of a smaller number alone
  std::optional<std::string> who;
  std::size_t limit = 100;
};

struct AuditBounds {
  WallTime oldest;                  ///< earlier records go
  std::size_t records = 1'000'000;  ///< so many of the newest stay
  std::size_t refused = 10'000;     ///< of refused requests, which anybody can make: they do not drive out the others
};

[[nodiscard]] bool is_refusal(int status) noexcept;

/// `seq` and `time` of the record are not read.
void add_record(StoreTransaction& store, const AuditRecord& record, WallTime now);
/// The newest first.
[[nodiscard]] std::vector<AuditRecord> records(StoreTransaction& store, const AuditQuery& query);
void keep_within(StoreTransaction& store, const AuditBounds& bounds);

}  // namespace sluice::admin
