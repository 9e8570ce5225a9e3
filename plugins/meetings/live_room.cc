// What the room of a live meeting is told, and what it tells: who comes and goes, and what has changed in the records.
#include <algorithm>

#include "live_meetings.h"
#include "policy.h"
#include "room_setup.h"
#include "sluice/log.h"
#include "sluice/timers.h"
#include "text.h"

namespace sluice::meetings {

namespace {

bool is_that(const Invited& who, Participant& participant) {
  const Identity& identity = participant.identity();
  if (!who.user_id.empty()) return who.user_id == identity.user_id;
  return !identity.guest && !who.email.empty() && who.email == lower(identity.email);
}

ExpectedUser expected_of(const Invited& who) {
  return {.user_id = who.user_id, .email = who.user_id.empty() ? who.email : std::string{}, .role = who.role};
}

LiveParticipant describe(Participant& participant) {
  const Identity& identity = participant.identity();
  const auto sending = participant.sending();
  return {.participant_id = participant.id(),
          .user_id = identity.user_id,
          .email = lower(identity.email),
          .name = participant.name(),
          .role = participant.role(),
          .guest = identity.guest,
          .away = participant.away(),
          .joined_at = participant.joined_at(),
          .audio = sending.audio,
          .video = sending.video,
          .screen_share = sending.screen};
}

template <class Predicate>
void remove_all(Room& room, std::string_view reason, Predicate predicate) {
  for (Participant* participant : room.participants()) {
    if (predicate(*participant)) participant->remove(reason);
  }
}

}  // namespace

std::vector<LiveParticipant> LiveMeetings::in_room(std::string_view tenant, std::string_view meeting_id) const {
  std::vector<LiveParticipant> out;
  const LiveSession* session = find(tenant, meeting_id);
  if (session == nullptr) return out;
  for (Participant* participant : session->room->participants()) out.push_back(describe(*participant));
  return out;
}

void LiveMeetings::changed(const Meeting& meeting) {
  LiveSession* session = session_of(meeting.tenant, meeting.id);
  if (session == nullptr) return;
  session->meeting = meeting;
  follow(*session);
}

void LiveMeetings::reconfigured() {
  checkpoint_ = context_->host.timers().every(context_->options.checkpoint_ms, [this] { write_checkpoint(); });
  for (const auto& [key, session] : sessions_) follow(*session);
}

void LiveMeetings::follow(LiveSession& session) {
  if (session.room == nullptr) return;
  RoomPolicy policy = room_policy(session.meeting, context_->options);
  policy.locked = session.room->policy().locked;
  session.room->set_policy(std::move(policy));
  const SecurityPolicy* tenant = tenant_policy(context_->options, session.meeting.tenant);
  remove_all(*session.room, "blocked", [&](Participant& participant) {
    const Identity& identity = participant.identity();
    if (tenant != nullptr && is_blocked(*tenant, identity)) return true;
    return identity.user_id != session.meeting.creator_id && is_blocked(session.meeting.security, identity);
  });
}

void LiveMeetings::expect(LiveSession& session, const Invited& who) {
  if (who.walk_in) return;  // nobody is invited by having been there
  session.roles.put(who);
  if (session.room == nullptr || !skips_waiting(session.meeting, context_->options, who.role)) return;
  try {
    session.room->expect(expected_of(who));
  } catch (const Error& error) {
    context_->host.log().warning(
        "somebody who is invited has to wait",
        {{"room", session.room->id()}, {"meeting", session.meeting.id}, {"error", error.what()}});
  }
}

void LiveMeetings::invited(const Meeting& meeting, const Invited& who, const Identity&) {
  if (LiveSession* session = session_of(meeting.tenant, meeting.id)) expect(*session, who);
}

void LiveMeetings::removed(const Meeting& meeting, const Invited& who, std::string_view reason) {
  LiveSession* session = session_of(meeting.tenant, meeting.id);
  if (session == nullptr) return;
  session->roles.remove(who);
  if (session->room == nullptr) return;
  session->room->no_longer_expect(expected_of(who));
  remove_all(*session->room, reason, [&](Participant& participant) { return is_that(who, participant); });
}

void LiveMeetings::role_changed(const Meeting& meeting, const Invited& who) {
  LiveSession* session = session_of(meeting.tenant, meeting.id);
  if (session == nullptr) return;
  if (session->room != nullptr) session->room->no_longer_expect(expected_of(who));
  expect(*session, who);
  if (session->room == nullptr) return;
  for (Participant* participant : session->room->participants()) {
    if (is_that(who, *participant)) participant->set_role(who.role);
  }
}

void LiveMeetings::deactivated(std::string_view tenant, std::string_view user_id) {
  for (Room* room : rooms_.all()) {
    if (room->tenant() != tenant) continue;
    remove_all(*room, "deactivated", [&](Participant& participant) {
      return !participant.identity().guest && participant.identity().user_id == user_id;
    });
  }
}

void LiveMeetings::joined(Participant& participant) {
  LiveSession* session = session_of(participant.room());
  if (session == nullptr) return;
  session->stats.joined(participant.id(), participant.identity().user_id, context_->host.timers().now());
  session->empty.cancel();
  context_->metrics.joins.add();
  record_presence(*session, participant, InvitedStatus::joined);
}

void LiveMeetings::left(Participant& participant) {
  LiveSession* session = session_of(participant.room());
  if (session == nullptr) return;
  session->stats.left(participant.id(), context_->host.timers().now());
  record_presence(*session, participant, InvitedStatus::left);
  watch_emptiness(*session);
}

void LiveMeetings::watch_emptiness(LiveSession& session) {
  if (session.stats.present() > 0 || session.room == nullptr) return;
  const Options& options = context_->options;
  const auto delay = session.stats.attended() ? options.empty_room_close_ms : options.unattended_close_ms;
  session.empty = context_->host.timers().after(delay, [this, meeting = session.meeting]() mutable {
    end(std::move(meeting), the_gateway(), "empty", [this, id = meeting.id](const Result<Meeting, Error>& ended) {
      if (!ended)
        context_->host.log().error("an empty meeting stays open", {{"meeting", id}, {"error", ended.error().what()}});
    });
  });
}

void LiveMeetings::record_presence(const LiveSession& session, Participant& participant, InvitedStatus status) {
  const Identity& identity = participant.identity();
  const WallTime now = context_->host.timers().wall_time();
  Invited who{.id = context_->host.random_token(),
              .meeting_id = session.meeting.id,
              .user_id = identity.user_id,
              .email = lower(identity.email),
              .name = participant.name(),
              .role = participant.role(),
              .status = status,
              .joined_at = participant.joined_at(),
              .left_at = status == InvitedStatus::left ? std::optional{now} : std::nullopt};
  presence_->write(session.meeting.tenant, std::move(who));
}

void LiveMeetings::write_checkpoint() {
  std::vector<SessionRow> rows;
  const Instant now = context_->host.timers().now();
  const WallTime wall = context_->host.timers().wall_time();
  for (const auto& [key, session] : sessions_) {
    if (session->phase == LiveSession::Phase::running) rows.push_back(row_of(*session, now, wall));
  }
  if (rows.empty()) return;
  store_.put(std::move(rows), [&log = context_->host.log()](const Result<Ok, Error>& written) {
    if (!written) log.warning("the figures of live meetings are not written", {{"error", written.error().what()}});
  });
}

SessionNumbers LiveMeetings::numbers(const LiveSession& session) const {
  return session.stats.at(context_->host.timers().now());
}

const LiveSession* LiveMeetings::find(std::string_view tenant, std::string_view meeting_id) const noexcept {
  const auto found = sessions_.find(Key{tenant, meeting_id});
  if (found == sessions_.end() || found->second->room == nullptr) return nullptr;
  return found->second.get();
}

const LiveSession* LiveMeetings::find(const Room& room) const noexcept {
  const LiveSession* session = find(room.tenant(), room.id());
  return session != nullptr && session->room == &room ? session : nullptr;
}

LiveSession* LiveMeetings::session_of(std::string_view tenant, std::string_view meeting_id) noexcept {
  const auto found = sessions_.find(Key{tenant, meeting_id});
  return found == sessions_.end() ? nullptr : found->second.get();
}

LiveSession* LiveMeetings::session_of(const Room& room) noexcept {
  LiveSession* session = session_of(room.tenant(), room.id());
  return session != nullptr && session->room == &room ? session : nullptr;
}

bool LiveMeetings::concerns(std::string_view tenant, std::string_view meeting_id) const noexcept {
  const Key key{tenant, meeting_id};
  return sessions_.contains(key) || opening_.contains(key);
}

std::vector<const LiveSession*> LiveMeetings::of_tenant(std::string_view tenant) const {
  std::vector<const LiveSession*> out;
  for (const auto& [key, session] : sessions_) {
    if (key.first == tenant && session->room != nullptr) out.push_back(session.get());
  }
  return out;
}

}  // namespace sluice::meetings
