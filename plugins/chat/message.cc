#include "message.h"

#include <chrono>

#include "sluice/utc_text.h"

namespace sluice::chat {

namespace {

template <class T>
json::array list(const std::vector<T>& values) {
  json::array out;
  for (const T& value : values) out.emplace_back(value);
  return out;
}

json::array reactions_of(const Message& message) {
  json::array out;
  for (const Reaction& one : message.reactions) {
    out.push_back(json::object{{"emoji", one.emoji}, {"count", one.count}, {"mine", one.mine}});
  }
  return out;
}

}  // namespace

std::string_view Audience::name() const noexcept {
  if (scope == Scope::one) return participant_id;
  return scope == Scope::all ? "all" : "host";
}

bool Audience::includes(const Participant& participant, std::string_view sender_user) const noexcept {
  if (scope == Scope::all) return true;
  const std::string& user = participant.identity().user_id;
  if (user == sender_user) return true;
  return scope == Scope::host ? is_moderator(participant.role()) : user == user_id;
}

UnixMs unix_ms(WallTime time) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

json::object to_event(const Poll& poll) {
  json::object out{{"options", list(poll.options)}, {"votes", list(poll.votes)}};
  if (poll.mine) out["mine"] = *poll.mine;
  return out;
}

json::object to_event(const Message& message) {
  json::object out{{"messageId", message.id},
                   {"number", message.number},
                   {"participantId", message.sender.participant_id},
                   {"userId", message.sender.user_id},
                   {"name", message.sender.name},
                   {"role", message.sender.role},
                   {"type", to_json(message.type)},
                   {"to", message.audience.name()},
                   {"message", message.text},
                   {"at", message.sent_at},
                   {"reactions", reactions_of(message)}};
  if (message.audience.scope == Scope::one) out["toUserId"] = message.audience.user_id;
  if (message.reply_to) out["replyTo"] = *message.reply_to;
  if (message.edited_at) out["editedAt"] = *message.edited_at;
  if (message.deleted_at) out["deleted"] = true;
  if (message.poll) out["poll"] = to_event(*message.poll);
  if (message.file) {
    const SharedFile& file = *message.file;
    out["file"] = json::object{{"fileId", file.id}, {"name", file.name}, {"type", file.type}, {"size", file.bytes}};
  }
  return out;
}

json::object to_record(const Message& message) {
  json::object out{{"id", message.id},
                   {"number", message.number},
                   {"participant_id", message.sender.participant_id},
                   {"participant_name", message.sender.name},
                   {"user_id", message.sender.user_id},
                   {"role", message.sender.role},
                   {"message", message.text},
                   {"timestamp", utc_text_of_ms(message.sent_at)},
                   {"type", to_json(message.type)},
                   {"recipient_type", message.audience.scope == Scope::one ? "private" : message.audience.name()},
                   {"is_deleted", message.deleted_at.has_value()},
                   {"reactions", reactions_of(message)}};
  if (message.audience.scope == Scope::one) out["recipient_id"] = message.audience.user_id;
  if (message.reply_to) out["reply_to"] = *message.reply_to;
  if (message.edited_at) out["edited_at"] = utc_text_of_ms(*message.edited_at);
  if (message.poll)
    out["poll"] = json::object{{"options", list(message.poll->options)}, {"votes", list(message.poll->votes)}};
  if (message.file) {
    const SharedFile& file = *message.file;
    out["file"] = json::object{{"id", file.id},
                               {"name", file.name},
                               {"type", file.type},
                               {"size_bytes", file.bytes},
                               {"url", "/api/chat/files/" + file.id}};
  }
  return out;
}

}  // namespace sluice::chat
