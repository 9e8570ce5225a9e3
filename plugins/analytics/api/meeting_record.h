#pragma once

#include <map>
#include <string>
#include <vector>

#include "history/reading.h"

namespace sluice::analytics {

/// Somebody in all the sessions that are looked at.
struct PersonRecord {
  PersonRow row;  ///< sums; name and role as they were last
  std::int64_t sessions = 0;
  QualityFigures quality;
};

/// All sessions of one meeting, or one of them.
struct MeetingRecord {
  /// More are passed over, the eldest, and `truncated` says so.
  static constexpr std::int64_t kMostSessions = 200;
  static constexpr std::size_t kMostPeople = 20'000;

  std::vector<SessionRow> sessions;  ///< newest first
  std::vector<PersonRecord> people;  ///< by when they came first
  QualityFigures quality;            ///< of all of them
  bool truncated = false;

  [[nodiscard]] std::int64_t duration_ms() const;
};

/// From its beginning until its end, or until it was seen last.
[[nodiscard]] std::int64_t duration_of(const SessionRow& session) noexcept;

/// In a unit of work.
[[nodiscard]] MeetingRecord read_meeting(StoreTransaction& store, const SessionFilter& filter);

/// Adds up: means by how many samples each stands for.
void merge(QualityFigures& into, const QualityFigures& more);

}  // namespace sluice::analytics
