#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "history/history.h"
#include "quality/quality_desk.h"
#include "records/session_table.h"
#include "sluice/contracts/meetings.h"
#include "sluice/contracts/rooms.h"
#include "sluice/host.h"
#include "sluice/lifeline.h"

namespace sluice::analytics {

inline constexpr std::int64_t kRetryAfterMs = 2'000;

/// What answers work with.
struct Api {
  /// Questions to the store at a time; more are refused. Some read much, and others use the store, too.
  static constexpr int kMostReads = 8;

  Host& host;
  Rooms& rooms;
  Meetings* meetings;  ///< nullptr: not loaded
  SessionTable& sessions;
  History& history;
  QualityDesk& quality;
  Lifeline lifeline{};
  // Owners: this, and each question on its way: their number.
  std::shared_ptr<const char> reading = std::make_shared<const char>('\0');
};

/// The room of a meeting that is live; nullptr: it is not.
[[nodiscard]] inline Room* room_of(Api& api, const MeetingInfo& meeting) {
  return api.rooms.find(meeting.tenant, meeting.room_id);
}

/// Reads what is written, what is new included. `done(Result<T, Error>)`; at once with rate_limited where too many do.
template <class Work, class Done>
void read_fresh(Api& api, const Room* room, Work work, Done done) {
  using T = std::invoke_result_t<Work&, StoreTransaction&>;
  if (api.reading.use_count() > Api::kMostReads) {
    return done(Result<T, Error>{
        Error{ErrorCode::rate_limited, "too many ask for analytics at once", {{"retryAfterMs", kRetryAfterMs}}}});
  }
  auto answer = [share = api.reading, done = std::move(done)](Result<T, Error> read) mutable { done(std::move(read)); };
  api.history.flush_then(room, api.lifeline.guard([&api, work = std::move(work),
                                                   answer = std::move(answer)](Result<Ok, Error> written) mutable {
    if (!written) return answer(Result<T, Error>{written.error()});
    in_store(api.host, api.lifeline, std::move(work), std::move(answer));
  }));
}

}  // namespace sluice::analytics
