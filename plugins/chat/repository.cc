#include "repository.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "sluice/error.h"
#include "sluice/store_columns.h"

namespace sluice::chat {

namespace {

// What one viewer may see: each statement that has it takes the values of `seen_by`, in this order.
constexpr std::string_view kVisible =
    R"("m"."tenant" = ? AND "m"."conversation" = ?
       AND ("m"."scope" = 'all' OR "m"."sender_user" = ? OR ("m"."scope" = 'one' AND "m"."to_user" = ?)
            OR ("m"."scope" = 'host' AND ? = 1)))";

std::vector<StoreValue> seen_by(const Viewer& viewer) {
  return {viewer.where.tenant, viewer.where.conversation, viewer.user_id, viewer.user_id,
          std::int64_t{viewer.moderator ? 1 : 0}};
}

constexpr std::string_view kSelect =
    R"(SELECT "m"."id", "m"."number", "m"."sender_participant", "m"."sender_user", "m"."sender_name", "m"."sender_role",
              "m"."scope", "m"."to_participant", "m"."to_user", "m"."type", "m"."body", "m"."sent_at", "m"."edited_at",
              "m"."deleted_at", "m"."reply_to", "m"."choices", "f"."id", "f"."name", "f"."type", "f"."bytes"
       FROM "chat_messages" "m"
       LEFT JOIN "chat_files" "f" ON "f"."message_id" = "m"."id" AND "f"."state" = 'stored'
       WHERE )";

std::string select_visible(std::string_view rest) { return std::string{kSelect}.append(kVisible).append(rest); }

template <class Enum>
std::string name_of(Enum value) {
  return std::string{to_json(value).as_string()};
}

template <class Enum>
Enum enum_of(const std::string& name) {
  return from_json<Enum>(json::value(name));
}

struct Row {
  Message message;
  std::optional<std::string> choices;
};

Row read_row(const StoreRow& row) {
  StoreColumns in{row};
  Row out;
  Message& m = out.message;
  m.id = in.text();
  m.number = in.integer();
  m.sender.participant_id = in.text();
  m.sender.user_id = in.text();
  m.sender.name = in.text();
  m.sender.role = in.text();
  m.audience.scope = enum_of<Scope>(in.text());
  m.audience.participant_id = in.text();
  m.audience.user_id = in.text();
  m.type = enum_of<MessageType>(in.text());
  m.text = in.text();
  m.sent_at = in.integer();
  m.edited_at = in.maybe_integer();
  m.deleted_at = in.maybe_integer();
  m.reply_to = in.maybe_text();
  out.choices = in.maybe_text();
  if (auto file_id = in.maybe_text()) {
    SharedFile& file = m.file.emplace();
    file.id = std::move(*file_id);
    file.name = in.text();
    file.type = in.text();
    file.bytes = in.integer();
  }
  return out;
}

void add_reactions(StoreTransaction& store, const std::string& viewer_user, std::vector<Message>& messages) {
  if (messages.empty()) return;
  std::map<std::string, Message*, std::less<>> by_id;
  std::vector<StoreValue> values{viewer_user};
  for (Message& message : messages) {
    by_id.emplace(message.id, &message);
    values.emplace_back(message.id);
  }
  const auto rows = store.query(
      R"(SELECT "message_id", "emoji", COUNT(*), SUM(CASE WHEN "user_id" = ? THEN 1 ELSE 0 END)
         FROM "chat_reactions" WHERE "message_id" IN ()" +
          placeholders(messages.size()) + R"() GROUP BY "message_id", "emoji" ORDER BY MIN("at"), "emoji")",
      values);
  for (const StoreRow& row : rows) {
    StoreColumns in{row};
    Message& message = *by_id.at(in.text());
    Reaction& one = message.reactions.emplace_back();
    one.emoji = in.text();
    one.count = in.integer();
    one.mine = in.integer() != 0;
  }
}

std::vector<Message> read_all(StoreTransaction& store, const std::string& viewer_user,
                              const std::vector<StoreRow>& rows) {
  std::vector<Message> out;
  out.reserve(rows.size());
  for (const StoreRow& row : rows) {
    Row one = read_row(row);
    if (one.choices && !one.message.deleted_at) {
      one.message.poll = read_poll(store, one.message.id, *one.choices, viewer_user);
    }
    out.push_back(std::move(one.message));
  }
  add_reactions(store, viewer_user, out);
  return out;
}

// `rest` ends with a LIMIT, whose value is added: one more than is given out, which tells whether there is one.
Page read_page(StoreTransaction& store, const Viewer& viewer, std::string_view rest, std::vector<StoreValue> values,
               std::size_t limit) {
  values.emplace_back(static_cast<std::int64_t>(limit) + 1);
  auto rows = store.query(select_visible(rest), values);
  const bool has_more = rows.size() > limit;
  if (has_more) rows.pop_back();
  return {.messages = read_all(store, viewer.user_id, rows), .has_more = has_more};
}

}  // namespace

std::string placeholders(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out.append(i == 0 ? "?" : ", ?");
  return out;
}

std::int64_t insert(StoreTransaction& store, const Where& where, const std::string& room_id, Message& message) {
  const auto counted = store.query(
      R"(INSERT INTO "chat_conversations" ("tenant", "conversation", "room_id", "messages", "revision")
         VALUES (?, ?, ?, 1, 1)
         ON CONFLICT ("tenant", "conversation")
         DO UPDATE SET "messages" = "messages" + 1, "revision" = "revision" + 1
         RETURNING "messages", "revision")",
      {where.tenant, where.conversation, room_id});
  StoreColumns counters{counted.at(0)};
  message.number = counters.integer();
  const std::int64_t revision = counters.integer();

  StoreValue choices;
  if (message.poll) {
    json::array texts;
    for (const std::string& option : message.poll->options) texts.emplace_back(option);
    choices = json::serialize(texts);
  }
  store.query(
      R"(INSERT INTO "chat_messages" ("tenant", "conversation", "number", "revision", "id", "type", "scope",
           "sender_user", "sender_participant", "sender_name", "sender_role", "to_user", "to_participant", "body",
           "choices", "reply_to", "sent_at")
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
      {where.tenant, where.conversation, message.number, revision, message.id, name_of(message.type),
       name_of(message.audience.scope), message.sender.user_id, message.sender.participant_id, message.sender.name,
       message.sender.role, message.audience.user_id, message.audience.participant_id, message.text, std::move(choices),
       or_null(message.reply_to), message.sent_at});
  return revision;
}

Message find_message(StoreTransaction& store, const Viewer& viewer, const std::string& message_id) {
  auto values = seen_by(viewer);
  values.emplace_back(message_id);
  auto found = read_all(store, viewer.user_id, store.query(select_visible(R"( AND "m"."id" = ?)"), values));
  if (found.empty()) throw Error{ErrorCode::not_found, "there is no such message"};
  return std::move(found.front());
}

std::int64_t touch(StoreTransaction& store, const Where& where, const std::string& message_id) {
  const auto counted = store.query(
      R"(UPDATE "chat_conversations" SET "revision" = "revision" + 1 WHERE "tenant" = ? AND "conversation" = ?
         RETURNING "revision")",
      {where.tenant, where.conversation});
  const std::int64_t revision = StoreColumns{counted.at(0)}.integer();
  store.query(R"(UPDATE "chat_messages" SET "revision" = ? WHERE "id" = ?)", {revision, message_id});
  return revision;
}

Page page_before(StoreTransaction& store, const Viewer& viewer, std::optional<std::int64_t> before, std::size_t limit) {
  auto values = seen_by(viewer);
  std::string rest;
  if (before) {
    rest = R"( AND "m"."number" < ?)";
    values.emplace_back(*before);
  }
  return read_page(store, viewer, rest + R"( ORDER BY "m"."number" DESC LIMIT ?)", std::move(values), limit);
}

Page changed_since(StoreTransaction& store, const Viewer& viewer, std::int64_t revision, std::size_t limit) {
  auto values = seen_by(viewer);
  values.emplace_back(revision);
  Page page = read_page(store, viewer, R"( AND "m"."revision" > ? ORDER BY "m"."revision" DESC LIMIT ?)",
                        std::move(values), limit);
  std::ranges::sort(page.messages, {}, &Message::number);
  return page;
}

std::int64_t count_messages(StoreTransaction& store, const Viewer& viewer) {
  const auto rows = store.query(
      std::string{R"(SELECT COUNT(*) FROM "chat_messages" "m" WHERE "m"."deleted_at" IS NULL AND )"}.append(kVisible),
      seen_by(viewer));
  return StoreColumns{rows.at(0)}.integer();
}

std::int64_t count_sent(StoreTransaction& store, const Where& where) {
  const auto rows =
      store.query(R"(SELECT "messages" FROM "chat_conversations" WHERE "tenant" = ? AND "conversation" = ?)",
                  {where.tenant, where.conversation});
  return rows.empty() ? 0 : StoreColumns{rows.front()}.integer();
}

Poll read_poll(StoreTransaction& store, const std::string& message_id, const std::string& choices,
               const std::string& viewer_user) {
  Poll poll;
  const json::value options = json::parse(choices);
  for (const json::value& option : options.as_array()) poll.options.emplace_back(option.as_string());
  poll.votes.resize(poll.options.size());
  const auto rows = store.query(
      R"(SELECT "choice", COUNT(*), SUM(CASE WHEN "user_id" = ? THEN 1 ELSE 0 END) FROM "chat_votes"
         WHERE "message_id" = ? GROUP BY "choice")",
      {viewer_user, message_id});
  for (const StoreRow& row : rows) {
    StoreColumns in{row};
    const std::int64_t choice = in.integer();
    poll.votes.at(static_cast<std::size_t>(choice)) = in.integer();
    if (in.integer() != 0) poll.mine = choice;
  }
  return poll;
}

}  // namespace sluice::chat
