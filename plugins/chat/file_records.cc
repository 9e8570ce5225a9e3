#include "file_records.h"

#include "sluice/error.h"
#include "sluice/store_columns.h"

namespace sluice::chat {

namespace {

[[noreturn]] void no_such_file() { throw Error{ErrorCode::not_found, "there is no such file"}; }

void check_quota(StoreTransaction& store, std::string_view condition, std::vector<StoreValue> values,
                 std::int64_t bytes, std::int64_t limit) {
  const auto rows = store.query(
      R"(SELECT COALESCE(SUM("bytes"), 0) FROM "chat_files" WHERE "state" <> 'doomed' AND "tenant" = ? AND )" +
          std::string{condition},
      values);
  if (StoreColumns{rows.at(0)}.integer() + bytes <= limit) return;
  throw Error{ErrorCode::limit_exceeded, "there is no room for this file", {{"limit", limit}}};
}

SharedFile read_file(const StoreRow& row) {
  StoreColumns in{row};
  SharedFile file;
  file.id = in.text();
  file.name = in.text();
  file.type = in.text();
  file.bytes = in.integer();
  return file;
}

}  // namespace

void promise_file(StoreTransaction& store, const FileRecord& record, const Quota& quota) {
  const Where& where = record.owner.where;
  const std::int64_t bytes = record.file.bytes;
  check_quota(store, R"("conversation" = ?)", {where.tenant, where.conversation}, bytes, quota.room);
  check_quota(store, R"("owner" = ?)", {where.tenant, record.owner.user_id}, bytes, quota.user);
  store.query(
      R"(INSERT INTO "chat_files" ("id", "tenant", "conversation", "owner", "state", "name", "type", "bytes",
           "created_at") VALUES (?, ?, ?, ?, 'promised', ?, ?, ?, ?))",
      {record.file.id, where.tenant, where.conversation, record.owner.user_id, record.file.name, record.file.type,
       bytes, record.created_at});
}

void store_file(StoreTransaction& store, const std::string& file_id) {
  const auto rows = store.query(
      R"(UPDATE "chat_files" SET "state" = 'stored' WHERE "id" = ? AND "state" = 'promised' RETURNING 1)", {file_id});
  if (rows.empty()) no_such_file();
}

SharedFile attach_file(StoreTransaction& store, const Viewer& owner, const std::string& file_id,
                       const std::string& message_id) {
  const auto rows = store.query(
      R"(UPDATE "chat_files" SET "message_id" = ?
         WHERE "id" = ? AND "tenant" = ? AND "conversation" = ? AND "owner" = ? AND "state" = 'stored'
           AND "message_id" IS NULL
         RETURNING "id", "name", "type", "bytes")",
      {message_id, file_id, owner.where.tenant, owner.where.conversation, owner.user_id});
  if (rows.empty()) no_such_file();
  return read_file(rows.front());
}

SharedFile find_file(StoreTransaction& store, const Viewer& viewer, const std::string& file_id) {
  const auto rows = store.query(
      R"(SELECT "id", "name", "type", "bytes", "owner", "message_id" FROM "chat_files"
         WHERE "id" = ? AND "tenant" = ? AND "conversation" = ? AND "state" = 'stored')",
      {file_id, viewer.where.tenant, viewer.where.conversation});
  if (rows.empty()) no_such_file();
  StoreColumns rest{rows.front()};
  for (int i = 0; i < 3; ++i) static_cast<void>(rest.text());
  static_cast<void>(rest.integer());
  const std::string owner = rest.text();
  const auto message_id = rest.maybe_text();
  if (owner != viewer.user_id) {
    if (!message_id) no_such_file();
    static_cast<void>(find_message(store, viewer, *message_id));
  }
  return read_file(rows.front());
}

std::optional<Where> where_is_file(StoreTransaction& store, const std::string& file_id) {
  const auto rows = store.query(
      R"(SELECT "tenant", "conversation" FROM "chat_files" WHERE "id" = ? AND "state" = 'stored')", {file_id});
  if (rows.empty()) return std::nullopt;
  StoreColumns in{rows.front()};
  Where where;
  where.tenant = in.text();
  where.conversation = in.text();
  return where;
}

void doom_forgotten_files(StoreTransaction& store, UnixMs before) {
  store.query(
      R"(UPDATE "chat_files" SET "state" = 'doomed'
         WHERE "state" IN ('promised', 'stored') AND "message_id" IS NULL AND "created_at" < ?)",
      {before});
}

std::vector<std::string> doomed_files(StoreTransaction& store, std::int64_t limit) {
  std::vector<std::string> out;
  for (const StoreRow& row :
       store.query(R"(SELECT "id" FROM "chat_files" WHERE "state" = 'doomed' LIMIT ?)", {limit})) {
    out.push_back(StoreColumns{row}.text());
  }
  return out;
}

void forget_files(StoreTransaction& store, const std::vector<std::string>& file_ids) {
  if (file_ids.empty()) return;
  const std::vector<StoreValue> values(file_ids.begin(), file_ids.end());
  store.query(R"(DELETE FROM "chat_files" WHERE "id" IN ()" + placeholders(values.size()) + ")", values);
}

}  // namespace sluice::chat
