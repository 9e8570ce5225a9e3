#pragma once

#include <string>

#include "api/context.h"
#include "api/queries.h"
#include "sluice/rest.h"

namespace sluice::analytics {

/// How well media got through over time: `{resolution, points: [{at, session_id, ...}], has_more}`, eldest first.
/// `1s` is of the last minutes of somebody who is there, from memory.
class SeriesReader {
 public:
  static constexpr std::int64_t kMostPoints = 5'000;

  explicit SeriesReader(Api& api) noexcept : api_{api} {}
  /// @param where  whose sessions: a meeting's, or a room's.
  /// Throws Error{invalid_payload}, Error{not_found}.
  void answer(const ReadSeries& query, const SessionFilter& where, Room* room, rest::Reply reply);

 private:
  void answer_from_memory(const ReadSeries& query, Room* room, rest::Reply reply);

  Api& api_;
};

}  // namespace sluice::analytics
