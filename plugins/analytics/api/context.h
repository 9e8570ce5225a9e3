#pragma once

#include "history/history.h"
#include "quality/quality_desk.h"
#include "records/session_table.h"
#include "sluice/contracts/meetings.h"
#include "sluice/contracts/rooms.h"
#include "sluice/host.h"
#include "sluice/lifeline.h"

namespace sluice::analytics {

/// What answers work with.
struct Api {
  Host& host;
  Rooms& rooms;
  Meetings* meetings;  ///< nullptr: not loaded
  SessionTable& sessions;
  History& history;
  QualityDesk& quality;
  Lifeline lifeline{};
};

/// The room of a meeting that is live; nullptr: it is not.
[[nodiscard]] inline Room* room_of(Api& api, const MeetingInfo& meeting) {
  return api.rooms.find(meeting.tenant, meeting.room_id);
}

/// Reads what is written, what is new included. `done(Result<T, Error>)`.
template <class Work, class Done>
void read_fresh(Api& api, const Room* room, Work work, Done done) {
  using T = std::invoke_result_t<Work&, StoreTransaction&>;
  api.history.flush_then(room, api.lifeline.guard([&api, work = std::move(work),
                                                   done = std::move(done)](Result<Ok, Error> written) mutable {
    if (!written) return done(Result<T, Error>{written.error()});
    in_store(api.host, api.lifeline, std::move(work), std::move(done));
  }));
}

}  // namespace sluice::analytics
