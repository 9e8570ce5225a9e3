#include "posting.h"

#include <utility>

#include "exchange.h"
#include "file_records.h"
#include "message_text.h"
#include "sluice/bus.h"
#include "sluice/contracts/audit.h"
#include "sluice/contracts/chat.h"

namespace sluice::chat {

namespace {

constexpr std::size_t kLeastOptions = 2;
constexpr std::size_t kMostOptions = 10;
constexpr std::size_t kMostOptionBytes = 400;

struct Stored {
  Message message;
  std::int64_t revision;
};

[[noreturn]] void refuse_field(std::string_view path, const std::string& why) {
  throw Error{ErrorCode::invalid_payload, std::string{path} + ": " + why, {{"path", path}}};
}

Poll checked_poll(const SendMessage& request) {
  if (!request.options || request.options->size() < kLeastOptions || request.options->size() > kMostOptions) {
    refuse_field("options", "a poll has 2 to 10");
  }
  Poll poll;
  for (const auto& option : *request.options) {
    poll.options.push_back(sanitise_text(option, kMostOptionBytes));
    if (poll.options.back().empty()) refuse_field("options", "must not be empty");
  }
  poll.votes.resize(poll.options.size());
  return poll;
}

void demand_all(const Participant& participant, const Audience& audience, MessageType type) {
  participant.demand(Permission::chat);
  if (audience.scope == Scope::one) participant.demand(Permission::chat_private);
  if (type == MessageType::file) participant.demand(Permission::upload_files);
  if (type != MessageType::announcement) return;
  participant.demand(Permission::chat_announce);
  if (audience.scope != Scope::all) refuse_field("to", "an announcement is to all");
}

}  // namespace

Audience resolve_audience(Room& room, const std::optional<Id>& to) {
  if (!to || *to == "all") return {};
  if (*to == "host") return {.scope = Scope::host};
  const Participant* one = room.find(*to);
  if (one == nullptr) throw Error{ErrorCode::not_found, "there is no such participant in this room"};
  return {.scope = Scope::one, .participant_id = one->id(), .user_id = one->identity().user_id};
}

std::string checked_text(const Options& options, const std::string& text) {
  std::string out = sanitise_message(text);
  if (out.empty()) refuse_field("message", "must not be empty");
  if (count_characters(out) > static_cast<std::size_t>(options.max_characters)) {
    refuse_field("message", "has more than " + std::to_string(options.max_characters) + " characters");
  }
  return out;
}

void Posting::send(Client& client, const SendMessage& request, Reply reply) {
  // Shared by the two ways to answer.
  const auto kept = std::make_shared<Reply>(std::move(reply));
  post(conversations_.caller(client), request,
       {.stored =
            [kept](const Message& message) {
              kept->ok(json::object{{"messageId", message.id}, {"number", message.number}, {"at", message.sent_at}});
            },
        .failed = [kept](const Error& error) { kept->fail(error); }});
}

Message Posting::draft(const Caller& caller, const SendMessage& request) {
  Participant& sender = caller.participant;
  Message message;
  message.type = request.type.value_or(request.file_id ? MessageType::file : MessageType::text);
  message.audience = resolve_audience(sender.room(), request.to);
  demand_all(sender, message.audience, message.type);
  if (message.type == MessageType::file) {
    if (!request.file_id) refuse_field("fileId", "is missing");
    if (!request.message.empty()) message.text = checked_text(context_.options, request.message);
  } else {
    if (request.file_id) refuse_field("fileId", "is for messages of the type file");
    message.text = checked_text(context_.options, request.message);
  }
  if (message.type == MessageType::poll) message.poll = checked_poll(request);
  message.reply_to = request.reply_to;
  message.id = context_.host.random_token();
  message.sent_at = unix_ms(context_.host.timers().wall_time());
  message.sender = {.participant_id = sender.id(),
                    .user_id = sender.identity().user_id,
                    .name = sender.name(),
                    .role = std::string{to_json(sender.role()).as_string()}};
  return message;
}

void Posting::post(Caller caller, const SendMessage& request, PostAnswer answer) {
  const Instant begun = context_.host.timers().now();
  caller.attendee.writing.spend(begun, context_.options.messages_per_10s, context_.options.burst);
  Message message = draft(caller, request);
  typing_.end(*caller.conversation, caller.participant);
  ask_store(
      context_, caller, std::move(answer),
      [message = std::move(message), viewer = caller.viewer(), room_id = caller.conversation->room_id,
       file_id = request.file_id](StoreTransaction& store) mutable {
        if (message.reply_to) static_cast<void>(find_message(store, viewer, *message.reply_to));
        if (file_id) message.file = attach_file(store, viewer, *file_id, message.id);
        const std::int64_t revision = insert(store, viewer.where, room_id, message);
        return Stored{std::move(message), revision};
      },
      [this, begun, conversation = caller.conversation, sender = caller.participant.identity()](const Stored& result,
                                                                                                PostAnswer to) mutable {
        to.stored(result.message);
        stored(conversation, sender, result.message, result.revision);
        context_.metrics.send_seconds.observe(
            std::chrono::duration<double>(context_.host.timers().now() - begun).count());
      });
}

void Posting::stored(const std::shared_ptr<Conversation>& conversation, const Identity& sender, const Message& message,
                     std::int64_t revision) {
  conversation->told(revision, context_.host.timers().now());
  conversation->messages = message.number;
  context_.metrics.messages.add();
  conversations_.tell(*conversation, message.audience, message.sender.user_id, "chat:message", to_event(message));
  if (message.type == MessageType::announcement) {
    const json::object details;
    context_.host.bus().publish(AuditEvent{.tenant = conversation->where.tenant,
                                           .room_id = conversation->room_id,
                                           .actor = sender,
                                           .action = "chat.announce",
                                           .target = message.id,
                                           .details = details});
  }
  if (conversation->room == nullptr) return;
  const json::value type = to_json(message.type);
  context_.host.bus().publish(ChatMessageSent{.room = *conversation->room,
                                              .participant_id = message.sender.participant_id,
                                              .user_id = message.sender.user_id,
                                              .name = message.sender.name,
                                              .message_id = message.id,
                                              .type = std::string_view{type.as_string()},
                                              .recipient = message.audience.name(),
                                              .text = message.text});
}

}  // namespace sluice::chat
