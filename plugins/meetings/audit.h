#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "options.h"
#include "sluice/contracts/audit.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/host.h"
#include "sluice/lifeline.h"
#include "sluice/result.h"
#include "sluice/timers.h"

namespace sluice::meetings {

/// One entry: who did what to which meeting when.
struct AuditEntry {
  std::string meeting_id;
  WallTime at{};
  std::string actor_id;
  std::string actor_name;
  std::string action;  ///< `meeting.update`, `participant.mute`
  std::string target;
  json::object details;
};

struct AuditPage {
  std::vector<AuditEntry> entries;  ///< the newest first
  std::int64_t total = 0;
};

/// Writes what is decided about meetings: what the REST API changes, and every AuditEvent on the bus whose room is a
/// meeting's. Entries are written together, a moment after they came; old ones are deleted (`audit_retention_hours`,
/// `audit_rows_per_meeting`).
/// @note Control thread only.
class AuditTrail {
 public:
  AuditTrail(Host& host, const Options& options);

  /// Subscribes to the bus and begins to clear out what is old.
  void start();
  /// @param details  small: over 4 KiB as JSON it is left out.
  void record(std::string_view tenant, std::string_view meeting_id, const Identity& actor, std::string_view action,
              std::string_view target = {}, json::object details = {});
  /// Writes what waits; for the end.
  void flush();

  using Done = Function<void(Result<AuditPage, Error>)>;
  void list(std::string tenant, std::string meeting_id, std::int64_t offset, std::int64_t limit, Done done);

 private:
  struct Waiting {
    std::string tenant;
    AuditEntry entry;
  };
  void clear_out();

  Host& host_;
  const Options& options_;
  std::vector<Waiting> waiting_;
  Timer write_timer_;
  Timer clear_timer_;
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
