#include "conversations.h"

#include <algorithm>
#include <vector>

#include "exchange.h"
#include "sluice/bus.h"
#include "sluice/events.h"

namespace sluice::chat {

namespace {

// Their final statistics are written soon after they close.
constexpr std::size_t kClosedMeetings = 1'024;

constexpr std::chrono::seconds kMoment{1};

}  // namespace

void Conversation::told(std::int64_t revision, Instant now) {
  if (!first_told) first_told = last_told = revision - 1;
  while (!lately.empty() && lately.front().first <= now - kDoubt - kMoment) lately.pop_front();
  if (lately.empty() || now - lately.back().first >= kMoment) lately.emplace_back(now, last_told);
  last_told = revision;
}

// What stands in one entry was told within a moment after it.
std::optional<std::int64_t> Conversation::told_for_sure(Instant now) const noexcept {
  if (!first_told) return std::nullopt;
  for (const auto& [when, before] : lately) {
    if (when > now - kDoubt - kMoment) return before;
  }
  return last_told;
}

Conversations::Conversations(Context& context, Ended ended) : context_{context}, ended_{std::move(ended)} {
  context_.host.bus().on<RoomClosed>([this](const RoomClosed& event) { close(event.room); });
  context_.host.bus().on<ParticipantLeft>([this](const ParticipantLeft& event) {
    const auto conversation = find(event.participant.room());
    if (conversation == nullptr) return;
    const auto found = conversation->attendees.find(event.participant.id());
    if (found == conversation->attendees.end()) return;
    if (found->second.catching_up) --conversation->catching_up;
    conversation->attendees.erase(found);
  });
}

std::string Conversations::meeting_key(std::string_view meeting_id) { return "m:" + std::string{meeting_id}; }

Caller Conversations::caller(Client& client) { return caller(context_.rooms.participant_of(client)); }

Caller Conversations::caller(Participant& participant) {
  auto conversation = of(participant.room());
  Attendee& attendee = conversation->attendees[participant.id()];
  return {.participant = participant, .conversation = std::move(conversation), .attendee = attendee};
}

std::shared_ptr<Conversation> Conversations::of(Room& room) {
  if (auto found = find(room)) return found;
  return open_[&room] = open(room);
}

std::shared_ptr<Conversation> Conversations::find(Room& room) const noexcept {
  const auto found = open_.find(&room);
  return found == open_.end() ? nullptr : found->second;
}

std::shared_ptr<Conversation> Conversations::find(const Where& where) const noexcept {
  for (const auto& [room, conversation] : open_) {
    if (conversation->where == where) return conversation;
  }
  return nullptr;
}

std::shared_ptr<Conversation> Conversations::open(Room& room) {
  auto conversation = std::make_shared<Conversation>();
  conversation->room = &room;
  conversation->room_id = room.id();
  conversation->where.tenant = room.tenant();
  std::string& key = conversation->where.conversation;
  if (const auto meeting = context_.meetings ? context_.meetings->meeting_of(room) : std::nullopt) {
    conversation->meeting_id = meeting->id;
    key = meeting_key(meeting->id);
    count_earlier_messages(conversation);
  } else if (context_.options.history == History::room) {
    key = "r:" + room.id();
  } else {
    key = std::string{kSessionPrefix} + context_.host.random_token();
  }
  return conversation;
}

// A meeting may go on where another process, or this one yesterday, has left it.
void Conversations::count_earlier_messages(const std::shared_ptr<Conversation>& conversation) {
  try_in_store(
      context_, [where = conversation->where](StoreTransaction& store) { return count_sent(store, where); },
      [conversation](std::int64_t sent) { conversation->messages = std::max(conversation->messages, sent); },
      [](const Error&) {});
}

void Conversations::close(Room& room) {
  const auto found = open_.find(&room);
  if (found == open_.end()) return;
  const auto conversation = std::move(found->second);
  open_.erase(found);
  conversation->room = nullptr;
  conversation->attendees.clear();
  if (!conversation->meeting_id.empty()) {
    closed_meetings_.emplace_back(MeetingKey{conversation->where.tenant, conversation->meeting_id},
                                  conversation->messages);
    if (closed_meetings_.size() > kClosedMeetings) closed_meetings_.pop_front();
  } else if (conversation->where.conversation.starts_with(kSessionPrefix)) {
    ended_(conversation->where);
  }
}

std::optional<std::int64_t> Conversations::messages_of(const MeetingInfo& meeting) const {
  for (const auto& [room, conversation] : open_) {
    if (conversation->meeting_id == meeting.id && conversation->where.tenant == meeting.tenant) {
      return conversation->messages;
    }
  }
  const MeetingKey key{meeting.tenant, meeting.id};
  const auto newest_first = std::find_if(closed_meetings_.rbegin(), closed_meetings_.rend(),
                                         [&](const auto& entry) { return entry.first == key; });
  return newest_first == closed_meetings_.rend() ? std::nullopt : std::optional{newest_first->second};
}

void Conversations::tell(Conversation& conversation, const Audience& audience, std::string_view sender_user,
                         std::string_view event, json::value data, const Participant* except) {
  if (conversation.room == nullptr) return;
  if (audience.scope == Scope::all && conversation.catching_up == 0) {
    return conversation.room->broadcast(event, std::move(data), except);
  }
  std::vector<Client*> clients;
  for (Participant* one : conversation.room->participants()) {
    if (one == except || one->away() || !audience.includes(*one, sender_user)) continue;
    const Attendee* attendee = conversation.attendee(one->id());
    if (attendee == nullptr || !attendee->catching_up) clients.push_back(one->client());
  }
  context_.host.events().broadcast(clients, event, std::move(data));
}

}  // namespace sluice::chat
