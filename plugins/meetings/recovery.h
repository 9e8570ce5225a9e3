#pragma once

#include <vector>

#include "context.h"
#include "live_meetings.h"
#include "session_store.h"
#include "sluice/lifeline.h"

namespace sluice::meetings {

/// Puts right what a gateway that died has left: records that say "live", and no room. Rooms do not outlive the
/// process, so
///  - a meeting whose time is over by its record, and an instant one, has ended when it was last seen, with the numbers
///    of its last checkpoint;
///  - one that should still go on, and a recurring one, may be started again: it is `scheduled`, and the broken run
///    stands in the store with the numbers of its last checkpoint.
class Recovery {
 public:
  Recovery(Context& context, LiveMeetings& live, SessionStore& store) : context_{context}, live_{live}, store_{store} {}

  void run();

 private:
  void next();
  void recover(const Meeting& meeting);
  void close_run(SessionRow run);
  void write(const Meeting& meeting, const std::optional<SessionRow>& run);

  Context& context_;
  LiveMeetings& live_;
  SessionStore& store_;
  std::vector<Meeting> waiting_;  // one at a time: many at once are more than the store's queue takes
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
