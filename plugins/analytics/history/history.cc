#include "history/history.h"

#include <utility>

namespace sluice::analytics {

History::History(Host& host, SessionTable& sessions, const RetentionOptions& retention)
    : host_{host},
      sessions_{sessions},
      metrics_{host.metrics()},
      upkeep_{host, retention},
      writer_{host, metrics_, [this](Batch& batch, bool everything) { collect(batch, everything); }} {}

void History::start() {
  writer_.start();
  upkeep_.start();
}

void History::sampled(const RoomSample& sample) {
  const Session* const session = sessions_.find(sample.room);
  if (session == nullptr) return;
  RollUp& series = series_.try_emplace(session->id(), session->id()).first->second;
  for (const ParticipantSample& one : sample.participants) {
    series.add(session->person_of(one.participant_id).value_or(0), one.quality, sample.at, complete_);
  }
}

void History::ended(const Session& session) {
  const auto found = series_.find(session.id());
  if (found == series_.end()) return;
  found->second.finish(complete_);
  series_.erase(found);
}

// Twice: at once what is stored, and what waits to be written, of a session that has just ended, once it has been.
void History::erase(const MeetingInfo& meeting) {
  upkeep_.erase(meeting);
  writer_.flush_then([this, meeting](const Result<Ok, Error>&) { upkeep_.erase(meeting); });
}

void History::flush_then(const Room* room, Writer::Written written) {
  asked_for_ = room;
  writer_.flush_then(std::move(written));
  asked_for_ = nullptr;
}

std::optional<SessionId> History::stored_id(SessionId id) const {
  const auto base = writer_.base();
  return base ? std::optional{*base + id} : std::nullopt;
}

void History::collect(Batch& batch, bool everything) {
  sessions_.take_changes(batch.changes, everything, asked_for_);
  if (everything) {
    for (auto& [id, series] : series_) series.sweep(host_.timers().wall_time(), complete_);
  }
  batch.quality = std::exchange(complete_, {});
  metrics_.open_sessions.set(static_cast<double>(sessions_.open()));
}

}  // namespace sluice::analytics
