#include "upkeep.h"

#include <utility>

#include "disk.h"
#include "exchange.h"
#include "file_records.h"
#include "sluice/background.h"

namespace sluice::chat {

namespace {

constexpr std::int64_t kMessagesPerUnit = 1'000;
constexpr std::int64_t kFilesPerUnit = 200;
constexpr std::chrono::hours kDay{24};

/// Deletes messages that `condition` names, at most kMessagesPerUnit; whether there may be more.
bool delete_some(StoreTransaction& store, std::string_view condition, std::vector<StoreValue> values) {
  values.emplace_back(kMessagesPerUnit);
  std::vector<StoreValue> ids;
  const auto rows =
      store.query(R"(SELECT "id" FROM "chat_messages" WHERE )" + std::string{condition} + R"( LIMIT ?)", values);
  for (const StoreRow& row : rows) ids.push_back(row.at(0));
  if (ids.empty()) return false;
  const std::string those = "(" + placeholders(ids.size()) + ")";
  store.query(R"(DELETE FROM "chat_reactions" WHERE "message_id" IN )" + those, ids);
  store.query(R"(DELETE FROM "chat_votes" WHERE "message_id" IN )" + those, ids);
  store.query(R"(UPDATE "chat_files" SET "state" = 'doomed' WHERE "message_id" IN )" + those, ids);
  store.query(R"(DELETE FROM "chat_messages" WHERE "id" IN )" + those, ids);
  return static_cast<std::int64_t>(ids.size()) == kMessagesPerUnit;
}

}  // namespace

// Sessions that are there now ended with an earlier process; rooms that open from now on have others.
void Upkeep::start() {
  try_in_store(
      context_,
      [](StoreTransaction& store) {
        store.query(R"(UPDATE "chat_conversations" SET "erased" = 1 WHERE "conversation" LIKE 's:%')");
        return Ok{};
      },
      [this](Ok) { erase_marked(); }, [](const Error&) {});
  sweep();
  timer_ = context_.host.timers().every(kInterval, [this] { sweep(); });
}

void Upkeep::erase(const Where& where) {
  try_in_store(
      context_,
      [where](StoreTransaction& store) {
        store.query(
            R"(INSERT INTO "chat_conversations" ("tenant", "conversation", "room_id", "messages", "revision", "erased")
               VALUES (?, ?, '', 0, 0, 1)
               ON CONFLICT ("tenant", "conversation") DO UPDATE SET "erased" = 1)",
            {where.tenant, where.conversation});
        return Ok{};
      },
      [this](Ok) { erase_marked(); }, [](const Error&) {});
}

// One piece of one conversation at a time; what fails is tried again by the next sweep.
void Upkeep::erase_marked() {
  if (std::exchange(erasing_, true)) return;
  try_in_store(
      context_,
      [](StoreTransaction& store) {
        const auto marked =
            store.query(R"(SELECT "tenant", "conversation" FROM "chat_conversations" WHERE "erased" = 1 LIMIT 1)");
        if (marked.empty()) return false;
        const std::vector<StoreValue>& here = marked.front();
        if (delete_some(store, R"("tenant" = ? AND "conversation" = ?)", here)) return true;
        store.query(R"(UPDATE "chat_files" SET "state" = 'doomed' WHERE "tenant" = ? AND "conversation" = ?)", here);
        store.query(R"(DELETE FROM "chat_conversations" WHERE "tenant" = ? AND "conversation" = ?)", here);
        return true;
      },
      [this](bool more) {
        erasing_ = false;
        if (more) return erase_marked();
        remove_doomed_files();
      },
      [this](const Error&) { erasing_ = false; });
}

void Upkeep::sweep() {
  const WallTime now = context_.host.timers().wall_time();
  try_in_store(
      context_,
      [before = unix_ms(now - kForgottenAfter)](StoreTransaction& store) {
        doom_forgotten_files(store, before);
        return Ok{};
      },
      [this](Ok) { remove_doomed_files(); }, [](const Error&) {});
  erase_marked();
  if (context_.options.retention_days > 0) delete_old_messages();
}

void Upkeep::delete_old_messages() {
  const WallTime now = context_.host.timers().wall_time();
  try_in_store(
      context_,
      [before = unix_ms(now - context_.options.retention_days * kDay)](StoreTransaction& store) {
        return delete_some(store, R"("sent_at" < ?)", {before});
      },
      [this](bool more) {
        if (more) return delete_old_messages();
        remove_doomed_files();
      },
      [](const Error&) {});
}

void Upkeep::remove_doomed_files() {
  if (context_.options.files.storage_dir.empty()) return;
  if (std::exchange(removing_, true)) {
    remove_again_ = true;
    return;
  }
  remove_again_ = false;
  try_in_store(
      context_, [](StoreTransaction& store) { return doomed_files(store, kFilesPerUnit); },
      [this](const std::vector<std::string>& doomed) { unlink(doomed); }, [this](const Error&) { removing_ = false; });
}

// From the disk first: what is still in the store is tried again.
void Upkeep::unlink(const std::vector<std::string>& file_ids) {
  removing_ = !file_ids.empty();
  if (!removing_) return;
  context_.host.background().run(
      [folder = context_.options.files.storage_dir, file_ids] {
        disk::remove(folder, file_ids);
        return Ok{};
      },
      [this, file_ids](JobResult<Ok> removed) {
        removing_ = false;
        try {
          static_cast<void>(removed.value());
        } catch (const std::exception& error) {
          return context_.host.log().error("files were not removed", {{"error", error.what()}});
        }
        try_in_store(
            context_,
            [file_ids](StoreTransaction& store) {
              forget_files(store, file_ids);
              return Ok{};
            },
            [this, full = static_cast<std::int64_t>(file_ids.size()) == kFilesPerUnit](Ok) {
              if (full || remove_again_) remove_doomed_files();
            },
            [](const Error&) {});
      });
}

}  // namespace sluice::chat
