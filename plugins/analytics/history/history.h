#pragma once

#include <map>
#include <vector>

#include "history/context.h"
#include "history/roll_up.h"
#include "history/upkeep.h"
#include "history/writer.h"
#include "records/session_table.h"
#include "sample.h"

namespace sluice::analytics {

/// What is kept for later: sessions as they go on and how well media gets through, summed up and written together.
/// @note Control thread only.
class History {
 public:
  History(Host& host, SessionTable& sessions, const RetentionOptions& retention);

  void start();
  void reconfigure(const RetentionOptions& retention) { upkeep_.reconfigure(retention); }
  /// How it was in one second.
  void sampled(const RoomSample& sample);
  /// All that belongs to the meeting goes, what is not written yet included.
  void erase(const MeetingInfo& meeting);
  /// Writes what is new, and of the room (nullptr: none) all that is so now; says when it can be read.
  void flush_then(const Room* room, Writer::Written written);
  /// What there is, now.
  void flush() { writer_.flush(true); }
  /// The plugin stops.
  void finish() { writer_.finish(); }
  [[nodiscard]] bool idle() const noexcept { return writer_.idle(); }
  /// The store's id of a session that lasts; nothing: it has none yet.
  [[nodiscard]] std::optional<SessionId> stored_id(SessionId id) const;
  /// The session is over.
  void ended(const Session& session);

 private:
  void collect(Batch& batch, bool everything);

  Host& host_;
  SessionTable& sessions_;
  HistoryMetrics metrics_;
  Upkeep upkeep_;
  Writer writer_;
  std::map<SessionId, RollUp> series_;
  std::vector<QualityRow> complete_;
  const Room* asked_for_ = nullptr;
};

}  // namespace sluice::analytics
