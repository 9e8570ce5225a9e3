#include "recovery.h"

#include <utility>

#include "meeting_state.h"
#include "sluice/log.h"
#include "sluice/timers.h"

namespace sluice::meetings {

void Recovery::run() {
  context_.repository.live_meetings(lifeline_.guard([this](Result<std::vector<Meeting>, Error> live) {
    if (!live) {
      return context_.host.log().error("meetings that were live are not put right", {{"error", live.error().what()}});
    }
    waiting_ = std::move(*live);
    next();
  }));
}

void Recovery::next() {
  if (waiting_.empty()) return;
  const Meeting meeting = std::move(waiting_.back());
  waiting_.pop_back();
  recover(meeting);
}

void Recovery::recover(const Meeting& meeting) {
  store_.unfinished(meeting.tenant, meeting.id,
                    lifeline_.guard([this, meeting](Result<std::optional<SessionRow>, Error> run) {
                      // Started again meanwhile: the record is that of the new run.
                      if (live_.concerns(meeting.tenant, meeting.id)) return next();
                      if (run) return write(meeting, *run);
                      context_.host.log().error("a meeting that was live is not put right",
                                                {{"meeting", meeting.id}, {"error", run.error().what()}});
                      next();
                    }));
}

void Recovery::write(const Meeting& meeting, const std::optional<SessionRow>& run) {
  const WallTime now = context_.host.timers().wall_time();
  const auto change = [now, run, started = meeting.started_at](Meeting& record) {
    if (record.status != MeetingStatus::live || record.started_at != started) return;
    mark_interrupted(record, now, run);
  };
  context_.repository.change(
      meeting.tenant, meeting.id, std::nullopt, change,
      lifeline_.guard([this, run, id = meeting.id](const Result<Meeting, Error>& written) {
        if (written) {
          if (run) close_run(*run);
          context_.host.log().warning("a meeting was interrupted by the gateway's end", {{"meeting", id}});
        } else {
          context_.host.log().error("a meeting that was live is not put right",
                                    {{"meeting", id}, {"error", written.error().what()}});
        }
        next();
      }));
}

void Recovery::close_run(SessionRow run) {
  run.ended_at = run.seen_at;
  run.reason = "interrupted";
  store_.put({std::move(run)}, [&log = context_.host.log()](const Result<Ok, Error>& written) {
    if (!written) log.warning("an interrupted run is not closed", {{"error", written.error().what()}});
  });
}

}  // namespace sluice::meetings
