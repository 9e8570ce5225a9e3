#include "typing.h"

#include <algorithm>
#include <utility>

#include "posting.h"

namespace sluice::chat {

namespace {

// A client says it once while a key is held down and once a second or so after that; more is no typing.
constexpr int kPer10s = 20;
constexpr int kBurst = 10;

}  // namespace

void Typing::set(Client& client, const SetTyping& request) {
  Caller caller = conversations_.caller(client);
  Participant& participant = caller.participant;
  participant.demand(Permission::chat);
  caller.attendee.typing.spend(context_.host.timers().now(), kPer10s, kBurst);
  if (!request.typing) return end(*caller.conversation, participant);

  Audience audience = resolve_audience(participant.room(), request.to);
  if (audience.scope == Scope::one) participant.demand(Permission::chat_private);
  Attendee& attendee = caller.attendee;
  if (attendee.types_to && attendee.types_to->name() != audience.name()) end(*caller.conversation, participant);
  if (!attendee.types_to) {
    const auto shown = std::ranges::count_if(caller.conversation->attendees,
                                             [](const auto& one) { return one.second.types_to.has_value(); });
    if (shown >= context_.options.max_typing) return;  // nobody reads so many names
    tell(*caller.conversation, participant, audience, true);
    attendee.types_to = std::move(audience);
  }
  arm(caller.conversation, attendee, participant.id());
}

void Typing::arm(const std::shared_ptr<Conversation>& conversation, Attendee& attendee,
                 const std::string& participant_id) {
  // The timer belongs to the attendee, which belongs to the conversation.
  attendee.typing_ends = context_.host.timers().after(kTimeToLive, [this, &there = *conversation, participant_id] {
    if (Participant* participant = there.room == nullptr ? nullptr : there.room->find(participant_id)) {
      end(there, *participant);
    }
  });
}

void Typing::end(Conversation& conversation, Participant& participant) {
  Attendee* attendee = conversation.attendee(participant.id());
  if (attendee == nullptr || !attendee->types_to) return;
  const Audience audience = *std::exchange(attendee->types_to, std::nullopt);
  // Moved out: this may run in its callback.
  const Timer ended = std::exchange(attendee->typing_ends, Timer{});
  tell(conversation, participant, audience, false);
}

void Typing::tell(Conversation& conversation, const Participant& participant, const Audience& audience, bool typing) {
  json::object data{{"participantId", participant.id()}, {"typing", typing}};
  if (audience.scope != Scope::all) data["to"] = audience.name();
  conversations_.tell(conversation, audience, participant.identity().user_id, "chat:typing", std::move(data),
                      &participant);
}

}  // namespace sluice::chat
