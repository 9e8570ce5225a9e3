#include "live_meetings.h"

#include "audit.h"
#include "meeting_state.h"
#include "room_setup.h"
#include "sluice/bus.h"
#include "sluice/log.h"
#include "sluice/timers.h"

namespace sluice::meetings {

namespace {

// A record that the store does not take is tried again.
constexpr auto kRetryInterval = std::chrono::seconds{5};

std::pair<std::string, std::string> key_of(const Meeting& meeting) { return {meeting.tenant, meeting.id}; }

}  // namespace

const Identity& the_gateway() {
  static const Identity gateway{.user_id = "gateway", .name = "The gateway"};
  return gateway;
}

LiveMeetings::LiveMeetings(Rooms& rooms, SessionStore& store, Figures& figures)
    : rooms_{rooms}, store_{store}, figures_{figures} {}

LiveMeetings::~LiveMeetings() = default;

void LiveMeetings::begin(Context& context) {
  context_ = &context;
  presence_.emplace(context.repository, context.host.log());
  Bus& bus = context_->host.bus();
  bus.on<ParticipantJoined>([this](const ParticipantJoined& event) { joined(event.participant); });
  bus.on<ParticipantLeft>([this](const ParticipantLeft& event) { left(event.participant); });
  bus.on<RoomClosed>([this](const RoomClosed& event) { room_closed(event.room, event.reason); });
  checkpoint_ = context_->host.timers().every(context_->options.checkpoint_ms, [this] { write_checkpoint(); });
}

void LiveMeetings::stop() {
  checkpoint_.cancel();
  write_checkpoint();
}

void LiveMeetings::start(Meeting meeting, const Identity& by, Done done) {
  const Key key = key_of(meeting);
  if (const LiveSession* running = session_of(meeting.tenant, meeting.id)) {
    if (running->phase == LiveSession::Phase::running) return done(running->meeting);
    return done(Error{ErrorCode::conflict, "the meeting is just ending"});
  }
  const auto [opening, first] = opening_.try_emplace(key, Opening{.by = by, .waiting = {}});
  opening->second.waiting.push_back(std::move(done));
  if (!first) return;
  write_live(key);
}

void LiveMeetings::write_live(const Key& key) {
  const WallTime now = context_->host.timers().wall_time();
  const auto change = [now](Meeting& meeting) {
    demand_startable(meeting);
    meeting.status = MeetingStatus::live;
    meeting.started_at = now;
    meeting.ended_at.reset();
  };
  context_->repository.change(key.first, key.second, std::nullopt, change,
                              lifeline_.guard([this, key](const Result<Meeting, Error>& written) {
                                if (!written) return opening_failed(key, written.error());
                                write_run(key, *written);
                              }));
}

void LiveMeetings::write_run(const Key& key, const Meeting& meeting) {
  const WallTime now = context_->host.timers().wall_time();
  SessionRow run{.tenant = key.first,
                 .meeting_id = key.second,
                 .id = context_->host.random_token(),
                 .started_at = meeting.started_at.value_or(now),
                 .seen_at = now};
  store_.put({run}, lifeline_.guard([this, key, run, meeting](const Result<Ok, Error>& written) {
    if (written) return read_whole(key, meeting, run);
    take_back(meeting, run);
    opening_failed(key, written.error());
  }));
}

void LiveMeetings::read_whole(const Key& key, const Meeting& meeting, const SessionRow& run) {
  context_->repository.find_whole(key.first, key.second,
                                  lifeline_.guard([this, key, run, meeting](Result<Repository::Whole, Error> whole) {
                                    if (whole) return open(key, std::move(whole->meeting), whole->people, run);
                                    take_back(meeting, run);
                                    opening_failed(key, whole.error());
                                  }));
}

void LiveMeetings::open(const Key& key, Meeting meeting, const std::vector<Invited>& invited, const SessionRow& run) {
  // Ids of meetings are the meetings': whoever has opened a room of this name before has to go.
  if (Room* squatter = rooms_.find(meeting.tenant, meeting.id)) squatter->close("superseded");
  Room* room = nullptr;
  try {
    room = &rooms_.create(room_options(meeting, context_->options));
  } catch (const Error& error) {
    take_back(meeting, run);
    return opening_failed(key, error);
  }
  auto made = std::make_unique<LiveSession>(LiveSession{.id = run.id,
                                                        .meeting = std::move(meeting),
                                                        .room = room,
                                                        .started_at = run.started_at,
                                                        .stats = SessionStats{context_->host.timers().now()}});
  LiveSession& session = *sessions_.emplace(key, std::move(made)).first->second;
  for (const Invited& who : invited) expect(session, who);
  watch_emptiness(session);
  context_->metrics.started.add();
  context_->metrics.live.set(static_cast<double>(sessions_.size()));

  const auto opening = opening_.extract(key);
  context_->host.log().info("meeting started", {{"room", room->id()}, {"meeting", key.second}, {"tenant", key.first}});
  context_->audit.record(key.first, key.second, opening.mapped().by, "meeting.start");
  const Meeting live = session.meeting;  // whoever hears of the start may end it
  context_->host.bus().publish(MeetingStarted{info_of(live), *room});
  for (Done& done : opening.mapped().waiting) done(live);
}

void LiveMeetings::take_back(const Meeting& meeting, const SessionRow& run) {
  const auto change = [started = meeting.started_at](Meeting& record) {
    if (record.status != MeetingStatus::live || record.started_at != started) return;
    record.status = MeetingStatus::scheduled;
    record.started_at.reset();
  };
  // Where this fails, too, the record says "live" without a room: it may be started again, and the next start of the
  // gateway puts it right.
  context_->repository.change(meeting.tenant, meeting.id, std::nullopt, change, [](const Result<Meeting, Error>&) {});
  SessionRow over = run;
  over.ended_at = run.started_at;
  over.reason = "not_opened";
  store_.put({std::move(over)}, [](const Result<Ok, Error>&) {});
}

void LiveMeetings::opening_failed(const Key& key, const Error& error) {
  const auto opening = opening_.extract(key);
  if (opening.empty()) return;
  context_->metrics.start_failures.add();
  for (Done& done : opening.mapped().waiting) done(error);
}

void LiveMeetings::end(Meeting meeting, const Identity& by, std::string_view reason, Done done) {
  LiveSession* session = session_of(meeting.tenant, meeting.id);
  if (session == nullptr) {
    if (opening_.contains(key_of(meeting))) return done(Error{ErrorCode::conflict, "the meeting is just starting"});
    if (meeting.status != MeetingStatus::live) return done(std::move(meeting));
    // A record that no room stands behind.
    const auto change = [now = context_->host.timers().wall_time()](Meeting& record) {
      if (record.status == MeetingStatus::live) mark_ended(record, now, record.statistics.value_or(Statistics{}));
    };
    return context_->repository.change(meeting.tenant, meeting.id, std::nullopt, change, std::move(done));
  }
  session->waiting_for_end.push_back(std::move(done));
  if (session->phase != LiveSession::Phase::running) return;
  session->phase = LiveSession::Phase::ending;
  session->end_reason = reason;
  write_end(*session, by);
}

void LiveMeetings::write_end(LiveSession& session, const Identity& by) {
  const WallTime now = context_->host.timers().wall_time();
  const Key key = key_of(session.meeting);
  SessionRow run = row_of(session, context_->host.timers().now(), now);
  run.ended_at = now;
  run.reason = session.end_reason;
  run.figures = figures_.collect(info_of(session.meeting));
  const Statistics statistics = statistics_of(run.numbers, run.figures);
  store_.put({std::move(run)}, lifeline_.guard([this, key, by, now, statistics](Result<Ok, Error> written) {
    if (!written) return ended(key, by, written.error());
    const auto change = [now, statistics](Meeting& meeting) {
      if (meeting.status == MeetingStatus::live) mark_ended(meeting, now, statistics);
    };
    context_->repository.change(
        key.first, key.second, std::nullopt, change,
        lifeline_.guard([this, key, by](Result<Meeting, Error> changed) { ended(key, by, std::move(changed)); }));
  }));
}

void LiveMeetings::ended(const Key& key, const Identity& by, Result<Meeting, Error> written) {
  const auto found = sessions_.find(key);
  if (found == sessions_.end()) return;
  LiveSession& session = *found->second;
  // Deleted meanwhile: there is no record to write.
  const bool gone = !written && written.error().code() == ErrorCode::not_found;
  std::vector<Done> waiting = std::move(session.waiting_for_end);
  session.waiting_for_end.clear();
  if (!written && !gone) {
    if (session.room != nullptr) {
      session.phase = LiveSession::Phase::running;
      watch_emptiness(session);
    } else {
      session.retry = context_->host.timers().after(kRetryInterval, [this, &session, by] { write_end(session, by); });
    }
    for (Done& done : waiting) done(written.error());
    return;
  }
  if (session.room != nullptr && !gone) {
    for (Participant* there : session.room->participants()) record_presence(session, *there, InvitedStatus::left);
  }
  const auto keep = std::move(found->second);
  sessions_.erase(found);
  context_->metrics.ended.add();
  context_->metrics.live.set(static_cast<double>(sessions_.size()));
  const std::string reason = session.end_reason;
  context_->host.log().info("meeting ended",
                            {{"room", key.second}, {"meeting", key.second}, {"tenant", key.first}, {"reason", reason}});
  context_->audit.record(key.first, key.second, by, "meeting.end", {}, {{"reason", reason}});
  if (session.room != nullptr) {
    context_->host.bus().publish(MeetingEnded{info_of(session.meeting)});
    session.room->close(reason);
  }
  for (Done& done : waiting) done(gone ? Result<Meeting, Error>{session.meeting} : written);
}

void LiveMeetings::room_closed(Room& room, std::string_view reason) {
  LiveSession* session = session_of(room);
  if (session == nullptr) return;
  session->room = nullptr;
  session->empty.cancel();
  context_->host.bus().publish(MeetingEnded{info_of(session->meeting)});
  const bool being_written = session->phase == LiveSession::Phase::ending;
  session->phase = LiveSession::Phase::over;
  if (being_written) return;
  session->end_reason = reason;
  write_end(*session, the_gateway());
}

}  // namespace sluice::meetings
