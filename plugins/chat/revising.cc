#include "revising.h"

#include <algorithm>
#include <utility>

#include "exchange.h"
#include "message_text.h"
#include "posting.h"
#include "sluice/bus.h"
#include "sluice/contracts/audit.h"
#include "sluice/store_columns.h"

namespace sluice::chat {

namespace {

/// What a change has left: the message as it was found, and where it now stands in the order of changes.
struct Changed {
  Message message;
  std::int64_t revision = 0;  ///< 0: nothing changed
};

struct Counted {
  Changed changed;
  std::int64_t count = 0;
};

/// Why `participant` may not touch what others said; empty: it may.
std::optional<Error> no_moderator(const Participant& participant) {
  try {
    participant.demand(Permission::chat_moderate);
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

Message find_for_change(StoreTransaction& store, const Viewer& viewer, const std::string& id,
                        const std::optional<Error>& no_moderator) {
  Message message = find_message(store, viewer, id);
  if (message.sender.user_id != viewer.user_id && no_moderator) throw Error{*no_moderator};
  return message;
}

Message find_standing(StoreTransaction& store, const Viewer& viewer, const std::string& id) {
  Message message = find_message(store, viewer, id);
  if (message.deleted_at) throw Error{ErrorCode::conflict, "the message was deleted"};
  return message;
}

/// Whether something is different now.
bool set_reaction(StoreTransaction& store, const Viewer& viewer, const React& request, UnixMs now, int most) {
  if (request.remove.value_or(false)) {
    return !store
                .query(R"(DELETE FROM "chat_reactions" WHERE "message_id" = ? AND "emoji" = ? AND "user_id" = ?
                          RETURNING 1)",
                       {request.message_id, request.emoji, viewer.user_id})
                .empty();
  }
  const auto others =
      store.query(R"(SELECT COUNT(DISTINCT "emoji") FROM "chat_reactions" WHERE "message_id" = ? AND "emoji" <> ?)",
                  {request.message_id, request.emoji});
  if (StoreColumns{others.at(0)}.integer() >= most) {
    throw Error{ErrorCode::limit_exceeded, "the message has all the reactions that it may have", {{"limit", most}}};
  }
  return !store
              .query(R"(INSERT INTO "chat_reactions" ("message_id", "emoji", "user_id", "at") VALUES (?, ?, ?, ?)
                        ON CONFLICT DO NOTHING RETURNING 1)",
                     {request.message_id, request.emoji, viewer.user_id, now})
              .empty();
}

std::int64_t count_reactions(StoreTransaction& store, const React& request) {
  const auto rows = store.query(R"(SELECT COUNT(*) FROM "chat_reactions" WHERE "message_id" = ? AND "emoji" = ?)",
                                {request.message_id, request.emoji});
  return StoreColumns{rows.at(0)}.integer();
}

void check_emoji(const Options& options, const std::string& emoji) {
  const bool known = options.reactions.empty() ? is_emoji(emoji) : std::ranges::count(options.reactions, emoji) != 0;
  if (!known) throw Error{ErrorCode::invalid_payload, "emoji: is none that is offered", {{"path", "emoji"}}};
}

void erase_content(StoreTransaction& store, const std::string& id, UnixMs now) {
  store.query(R"(UPDATE "chat_messages" SET "body" = '', "choices" = NULL, "deleted_at" = ? WHERE "id" = ?)",
              {now, id});
  store.query(R"(DELETE FROM "chat_reactions" WHERE "message_id" = ?)", {id});
  store.query(R"(DELETE FROM "chat_votes" WHERE "message_id" = ?)", {id});
  store.query(R"(UPDATE "chat_files" SET "state" = 'doomed' WHERE "message_id" = ?)", {id});
}

}  // namespace

Caller Revising::writer(Client& client) {
  Caller caller = conversations_.caller(client);
  caller.attendee.writing.spend(context_.host.timers().now(), context_.options.messages_per_10s,
                                context_.options.burst);
  return caller;
}

void Revising::audit(const Conversation& conversation, const Identity& actor, std::string_view action,
                     const Message& message) {
  const json::object details{{"sender", message.sender.user_id}};
  context_.host.bus().publish(AuditEvent{.tenant = conversation.where.tenant,
                                         .room_id = conversation.room_id,
                                         .actor = actor,
                                         .action = action,
                                         .target = message.id,
                                         .details = details});
}

void Revising::edit(Client& client, const EditMessage& request, Reply reply) {
  Caller caller = writer(client);
  caller.participant.demand(Permission::chat);
  const std::string text = checked_text(context_.options, request.message);
  const UnixMs now = unix_ms(context_.host.timers().wall_time());
  ask_store(
      context_, caller, std::move(reply),
      [viewer = caller.viewer(), id = request.message_id, text, now,
       refusal = no_moderator(caller.participant)](StoreTransaction& store) {
        Changed out{.message = find_for_change(store, viewer, id, refusal)};
        if (out.message.deleted_at) throw Error{ErrorCode::conflict, "the message was deleted"};
        if (out.message.type == MessageType::poll) {
          throw Error{ErrorCode::conflict, "a question that was answered is not changed"};
        }
        store.query(R"(UPDATE "chat_messages" SET "body" = ?, "edited_at" = ? WHERE "id" = ?)", {text, now, id});
        out.revision = touch(store, viewer.where, id);
        return out;
      },
      [this, conversation = caller.conversation, actor = caller.participant.identity(), by = caller.participant.id(),
       text, now](const Changed& changed, Reply to) {
        const Message& message = changed.message;
        conversation->told(changed.revision, context_.host.timers().now());
        to.ok(json::object{{"messageId", message.id}, {"editedAt", now}});
        conversations_.tell(*conversation, message.audience, message.sender.user_id, "chat:edited",
                            json::object{{"messageId", message.id},
                                         {"number", message.number},
                                         {"message", text},
                                         {"editedAt", now},
                                         {"by", by}});
        if (message.sender.user_id != actor.user_id) audit(*conversation, actor, "chat.edit", message);
      });
}

void Revising::remove(Client& client, const MessageName& request, Reply reply) {
  Caller caller = writer(client);
  const UnixMs now = unix_ms(context_.host.timers().wall_time());
  ask_store(
      context_, caller, std::move(reply),
      [viewer = caller.viewer(), id = request.message_id, now,
       refusal = no_moderator(caller.participant)](StoreTransaction& store) {
        Changed out{.message = find_for_change(store, viewer, id, refusal)};
        if (out.message.deleted_at) return out;  // once is as good as twice
        erase_content(store, id, now);
        out.revision = touch(store, viewer.where, id);
        return out;
      },
      [this, conversation = caller.conversation, actor = caller.participant.identity(), by = caller.participant.id(),
       now](const Changed& changed, Reply to) {
        const Message& message = changed.message;
        to.ok(json::object{{"messageId", message.id}});
        if (changed.revision == 0) return;
        conversation->told(changed.revision, context_.host.timers().now());
        conversations_.tell(
            *conversation, message.audience, message.sender.user_id, "chat:deleted",
            json::object{{"messageId", message.id}, {"number", message.number}, {"at", now}, {"by", by}});
        if (message.file) upkeep_.remove_doomed_files();
        if (message.sender.user_id != actor.user_id) audit(*conversation, actor, "chat.delete", message);
      });
}

void Revising::react(Client& client, const React& request, Reply reply) {
  Caller caller = writer(client);
  caller.participant.demand(Permission::chat);
  check_emoji(context_.options, request.emoji);
  const UnixMs now = unix_ms(context_.host.timers().wall_time());
  ask_store(
      context_, caller, std::move(reply),
      [viewer = caller.viewer(), request, now, most = context_.options.reactions_per_message](StoreTransaction& store) {
        Counted out{.changed = {.message = find_standing(store, viewer, request.message_id)}};
        if (set_reaction(store, viewer, request, now, most)) {
          out.changed.revision = touch(store, viewer.where, request.message_id);
        }
        out.count = count_reactions(store, request);
        return out;
      },
      [this, conversation = caller.conversation, user = caller.participant.identity().user_id,
       by = caller.participant.id(), request](const Counted& counted, Reply to) {
        const Message& message = counted.changed.message;
        to.ok(json::object{{"messageId", message.id}, {"emoji", request.emoji}, {"count", counted.count}});
        if (counted.changed.revision == 0) return;
        conversation->told(counted.changed.revision, context_.host.timers().now());
        conversations_.tell(*conversation, message.audience, message.sender.user_id, "chat:reaction",
                            json::object{{"messageId", message.id},
                                         {"emoji", request.emoji},
                                         {"count", counted.count},
                                         {"participantId", by},
                                         {"userId", user},
                                         {"removed", request.remove.value_or(false)}});
      });
}

void Revising::vote(Client& client, const Vote& request, Reply reply) {
  Caller caller = writer(client);
  caller.participant.demand(Permission::chat);
  ask_store(
      context_, caller, std::move(reply),
      [viewer = caller.viewer(), request](StoreTransaction& store) {
        Changed out{.message = find_standing(store, viewer, request.message_id)};
        Message& message = out.message;
        if (!message.poll) throw Error{ErrorCode::conflict, "the message is no poll"};
        Poll& poll = *message.poll;
        if (request.option >= poll.options.size()) {
          throw Error{ErrorCode::invalid_payload, "option: the poll has not so many", {{"path", "option"}}};
        }
        if (poll.mine == request.option) return out;
        store.query(R"(INSERT INTO "chat_votes" ("message_id", "user_id", "choice") VALUES (?, ?, ?)
                       ON CONFLICT ("message_id", "user_id") DO UPDATE SET "choice" = EXCLUDED."choice")",
                    {message.id, viewer.user_id, std::int64_t{request.option}});
        if (poll.mine) --poll.votes[static_cast<std::size_t>(*poll.mine)];
        ++poll.votes[request.option];
        poll.mine = request.option;
        out.revision = touch(store, viewer.where, message.id);
        return out;
      },
      [this, conversation = caller.conversation](const Changed& changed, Reply to) {
        to.ok(json::object{{"messageId", changed.message.id}, {"poll", to_event(*changed.message.poll)}});
        if (changed.revision == 0) return;
        conversation->told(changed.revision, context_.host.timers().now());
        polls_.changed(conversation, changed.message);
      });
}

}  // namespace sluice::chat
