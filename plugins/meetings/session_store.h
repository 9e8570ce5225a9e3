#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "session_stats.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/host.h"
#include "sluice/lifeline.h"
#include "sluice/result.h"

namespace sluice::meetings {

/// One run of a meeting, as the store has it.
struct SessionRow {
  std::string tenant;
  std::string meeting_id;
  std::string id;
  WallTime started_at{};
  WallTime seen_at{};  ///< until when the numbers are true
  std::optional<WallTime> ended_at{};
  std::string reason{};
  SessionNumbers numbers{};
  json::object figures{};  ///< of other plugins
};

/// What a tenant has, over all time.
struct StoredTotals {
  std::int64_t meetings = 0;
  std::int64_t sessions = 0;
  std::int64_t participants = 0;  ///< of each session, added up
};

/// The runs of meetings in the store. `done` runs on the control thread, after the change is on disk, and not after
/// this object's end. Errors: `internal`, `limit_exceeded` (too much waits for the store).
/// @note Control thread only.
class SessionStore {
 public:
  template <class T>
  using Done = Function<void(Result<T, Error>)>;

  explicit SessionStore(Host& host) : host_{host} {}

  /// Writes a run as it stands: a new one, or the newest numbers of one that is there.
  void put(std::vector<SessionRow> rows, Done<Ok> done);
  /// The newest run of a meeting that has not ended by its record.
  void unfinished(std::string tenant, std::string meeting_id, Done<std::optional<SessionRow>> done);
  void totals(std::string tenant, Done<StoredTotals> done);
  /// The tenant of the meeting of this id, for guests, who belong to none; whether the meeting admits them stands in
  /// it.
  void tenant_for_guests(std::string meeting_id, Done<std::optional<std::string>> done);
  /// Asks the database something, to know that it answers.
  void ping(Done<Ok> done);

 private:
  Host& host_;
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
