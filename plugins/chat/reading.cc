#include "reading.h"

#include <algorithm>
#include <utility>

#include "exchange.h"
#include "sluice/bus.h"

namespace sluice::chat {

Reading::Reading(Context& context, Conversations& conversations) : context_{context}, conversations_{conversations} {
  Bus& bus = context_.host.bus();
  bus.on<ParticipantAway>([this](const ParticipantAway& event) { went_away(event.participant); });
  bus.on<ParticipantReturned>([this](const ParticipantReturned& event) { came_back(event.participant); });
}

void Reading::history(Client& client, const ReadHistory& request, Reply reply) {
  Caller caller = conversations_.caller(client);
  caller.attendee.spend_asking(context_.host.timers().now());
  const auto most = static_cast<std::uint32_t>(context_.options.history_page);
  const std::size_t limit = std::clamp(request.limit.value_or(most), 1U, most);
  ask_store(
      context_, caller, std::move(reply),
      [viewer = caller.viewer(), before = request.before, limit](StoreTransaction& store) {
        return page_before(store, viewer, before, limit);
      },
      [](const Page& page, Reply to) {
        json::array messages;
        for (const Message& message : page.messages) messages.push_back(to_event(message));
        to.ok(json::object{{"messages", std::move(messages)}, {"hasMore", page.has_more}});
      });
}

void Reading::went_away(Participant& participant) {
  const Caller caller = conversations_.caller(participant);
  caller.attendee.away = true;
  if (caller.attendee.catching_up) return;  // the answer that is on its way cannot be sent: it still has all to be told
  caller.attendee.told_until = caller.conversation->told_for_sure(context_.host.timers().now());
}

// Until what it missed is there, nothing newer is sent to it: the store answers in the order of the questions, so that
// everything newer is told after that.
void Reading::came_back(Participant& participant) {
  Caller caller = conversations_.caller(participant);
  Attendee& attendee = caller.attendee;
  attendee.away = false;
  const auto& conversation = caller.conversation;
  if (!conversation->first_told) return;  // nothing was told, so nothing was missed
  const std::int64_t since = attendee.told_until.value_or(*conversation->first_told);
  if (attendee.catching_up) return;  // asked already, for the connection before this one
  if (since == conversation->last_told) return;
  attendee.told_until = since;
  attendee.catching_up = true;
  ++conversation->catching_up;
  const auto most = static_cast<std::size_t>(context_.options.max_missed);
  try_in_store(
      context_,
      [viewer = caller.viewer(), since, most](StoreTransaction& store) {
        return changed_since(store, viewer, since, most);
      },
      [this, conversation, id = participant.id()](const Page& missed) { tell_missed(conversation, id, missed); },
      [this, conversation, id = participant.id()](const Error&) { tell_missed(conversation, id, {.has_more = true}); });
}

void Reading::tell_missed(const std::shared_ptr<Conversation>& conversation, const std::string& participant_id,
                          const Page& missed) {
  Attendee* attendee = conversation->attendee(participant_id);
  if (attendee == nullptr || conversation->room == nullptr) return;
  attendee->catching_up = false;
  --conversation->catching_up;
  Participant* participant = conversation->room->find(participant_id);
  if (participant == nullptr || attendee->away) return;  // told_until stands as it was
  for (const Message& message : missed.messages) {
    json::object data = to_event(message);
    data["missed"] = true;
    participant->send("chat:message", std::move(data));
  }
  participant->send("chat:caught-up", json::object{{"messages", missed.messages.size()}, {"hasMore", missed.has_more}});
}

}  // namespace sluice::chat
