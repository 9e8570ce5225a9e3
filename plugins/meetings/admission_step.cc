#include "admission_step.h"

#include <algorithm>
#include <utility>

#include "room_setup.h"
#include "sluice/tokens.h"
#include "users.h"

namespace sluice::meetings {

namespace {

constexpr std::string_view kParticipantAttribute = "meetingParticipantId";

[[noreturn]] void deny(const std::string& message) { throw Error{ErrorCode::admission_denied, message}; }

}  // namespace

AdmissionStep::AdmissionStep(Context& context, JoinDesk& desk, LiveMeetings& live, Rooms& rooms, Admission& admission)
    : context_{context}, desk_{desk}, live_{live}, rooms_{rooms} {
  registration_ = admission.add_step(
      kOrder, "meetings", [this](JoinRequest& request, AdmissionTicket ticket) { decide(request, std::move(ticket)); });
}

AdmissionStep::Visitor AdmissionStep::identify(const JoinRequest& request) const {
  const Identity& client = request.client.identity();
  Visitor visitor{.who = client, .pass = read_pass(client)};
  if (!request.token.empty()) {
    const auto shown = context_.host.tokens().verify(request.token);
    if (!shown && shown.error().code() == ErrorCode::token_expired) throw shown.error();
    // What the gateway has not signed may be the key of a room that is no meeting.
    if (shown) {
      if (shown->tenant != client.tenant) throw Error{ErrorCode::room_not_found, "there is no such room"};
      if (!client.guest && shown->user_id != client.user_id) deny("the token is another user's");
      visitor = {.who = *shown, .pass = read_pass(*shown)};
      if (!visitor.pass) deny("the token is not one to join with");
    }
  }
  if (visitor.pass && visitor.pass->room_id != request.room_id) deny("the token is for another room");
  return visitor;
}

void AdmissionStep::decide(JoinRequest& request, AdmissionTicket ticket) {
  Visitor visitor;
  try {
    visitor = identify(request);
  } catch (const Error& error) {
    return ticket.deny(error);
  }
  const Identity who = visitor.who;
  context_.users.seen(request.client.identity());
  // Rooms are the client's tenant's, whatever else is said.
  const std::string tenant = request.client.identity().tenant;
  desk_.look_up(who, tenant, request.room_id,
                lifeline_.guard([this, visitor = std::move(visitor),
                                 ticket = std::move(ticket)](Result<JoinCase, Error> wish) mutable {
                  if (ticket.request() == nullptr) return;  // gone meanwhile
                  found(visitor, std::move(wish), std::move(ticket));
                }));
}

void AdmissionStep::no_meeting(const Visitor& visitor, const Error& error, AdmissionTicket ticket) const {
  if (error.code() != ErrorCode::not_found) return ticket.deny(error);
  if (visitor.pass) return ticket.deny(Error{ErrorCode::room_closed, "the meeting is no more"});
  if (context_.options.only_meetings) return ticket.deny(Error{ErrorCode::room_not_found, "there is no such meeting"});
  ticket.allow();
}

void AdmissionStep::found(const Visitor& visitor, Result<JoinCase, Error> wish, AdmissionTicket ticket) {
  if (!wish) return no_meeting(visitor, wish.error(), std::move(ticket));
  JoinVerdict verdict;
  try {
    verdict = desk_.judge(*wish, visitor.who);
  } catch (const Error& error) {
    return ticket.deny(error);
  }
  if (!verdict.allowed()) return ticket.deny(desk_.refuse(*wish, visitor.who, verdict));
  // Whoever has a pass has shown the password when it was issued.
  if (!verdict.password || visitor.pass) return let_in(visitor, *wish, verdict, std::move(ticket));

  const JoinRequest& request = *ticket.request();
  const std::string password = request.password;
  const std::string address = request.client.remote_address();
  const Meeting meeting = wish->meeting;
  desk_.check_password(visitor.who, address, meeting, password,
                       lifeline_.guard([this, visitor, wish = std::move(*wish), verdict,
                                        ticket = std::move(ticket)](const Result<Ok, Error>& right) mutable {
                         if (!right) return ticket.deny(right.error());
                         if (ticket.request() != nullptr) let_in(visitor, wish, verdict, std::move(ticket));
                       }));
}

// The record is newer than a token, but knows only whom it names; whom it names no more, the token must not raise.
Role AdmissionStep::role_of(const Visitor& visitor, const JoinCase& wish, const JoinVerdict& verdict) {
  const bool named = wish.invited_as || visitor.who.user_id == wish.meeting.creator_id;
  if (!visitor.pass || named) return verdict.role;
  return visitor.pass->admin ? visitor.pass->role : std::max(verdict.role, visitor.pass->role);  // roles count down
}

void AdmissionStep::let_in(const Visitor& visitor, const JoinCase& wish, const JoinVerdict& verdict,
                           AdmissionTicket ticket) {
  JoinRequest& request = *ticket.request();
  request.role = role_of(visitor, wish, verdict);
  if (visitor.pass) {
    request.attributes[kParticipantAttribute] = visitor.pass->participant_id;
    if (!visitor.who.name.empty()) request.name = visitor.who.name;
  }
  const Meeting& meeting = wish.meeting;
  if (live_.find(meeting.tenant, meeting.id) != nullptr) return ticket.allow();
  const bool begins = is_moderator(request.role) && context_.options.start_on_host_join;
  if (begins || live_.concerns(meeting.tenant, meeting.id)) {
    return begin(visitor, meeting, std::move(ticket));
  }
  // Somebody has opened a room of this name, which is the meeting's.
  if (Room* squatter = rooms_.find(meeting.tenant, meeting.id)) squatter->close("superseded");
  request.expected_room = room_policy(meeting, context_.options);
  ticket.allow();
}

void AdmissionStep::begin(const Visitor& visitor, const Meeting& meeting, AdmissionTicket ticket) {
  live_.start(meeting, visitor.who,
              lifeline_.guard([ticket = std::move(ticket)](const Result<Meeting, Error>& started) mutable {
                if (!started) return ticket.deny(started.error());
                ticket.allow();
              }));
}

}  // namespace sluice::meetings
