#include "migrations.h"

#include <array>

namespace sluice::chat {

std::span<const Migration> migrations() {
  // Times are milliseconds since 1970. A conversation is named by the keys of conversations.h.
  static const std::array<Migration, 1> kSteps{{{1, R"sql(
CREATE TABLE "chat_conversations" (
  "tenant" TEXT NOT NULL,
  "conversation" TEXT NOT NULL,
  "room_id" TEXT NOT NULL,
  "messages" INTEGER NOT NULL,             -- that were ever sent: the number of the newest
  "revision" INTEGER NOT NULL,             -- grows with each change of any message
  "erased" INTEGER NOT NULL DEFAULT 0,     -- being deleted for good
  PRIMARY KEY ("tenant", "conversation"));

CREATE TABLE "chat_messages" (
  "tenant" TEXT NOT NULL,
  "conversation" TEXT NOT NULL,
  "number" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,             -- of the conversation, at its last change
  "id" TEXT NOT NULL UNIQUE,
  "type" TEXT NOT NULL,
  "scope" TEXT NOT NULL,                   -- all, host, one
  "sender_user" TEXT NOT NULL,
  "sender_participant" TEXT NOT NULL,
  "sender_name" TEXT NOT NULL,
  "sender_role" TEXT NOT NULL,
  "to_user" TEXT NOT NULL,                 -- of one; else empty
  "to_participant" TEXT NOT NULL,
  "body" TEXT NOT NULL,
  "choices" TEXT,                          -- of a poll: a JSON list of texts
  "reply_to" TEXT,
  "sent_at" INTEGER NOT NULL,
  "edited_at" INTEGER,
  "deleted_at" INTEGER,
  PRIMARY KEY ("tenant", "conversation", "number"));
CREATE INDEX "chat_messages_by_revision" ON "chat_messages" ("tenant", "conversation", "revision");
CREATE INDEX "chat_messages_by_age" ON "chat_messages" ("sent_at");

CREATE TABLE "chat_reactions" (
  "message_id" TEXT NOT NULL,
  "emoji" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "at" INTEGER NOT NULL,
  PRIMARY KEY ("message_id", "emoji", "user_id"));

CREATE TABLE "chat_votes" (
  "message_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "choice" INTEGER NOT NULL,
  PRIMARY KEY ("message_id", "user_id"));

CREATE TABLE "chat_files" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "tenant" TEXT NOT NULL,
  "conversation" TEXT NOT NULL,
  "owner" TEXT NOT NULL,                   -- user id
  "state" TEXT NOT NULL,                   -- promised, stored, doomed
  "message_id" TEXT,
  "name" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "bytes" INTEGER NOT NULL,
  "created_at" INTEGER NOT NULL);
CREATE INDEX "chat_files_by_conversation" ON "chat_files" ("tenant", "conversation");
CREATE INDEX "chat_files_by_owner" ON "chat_files" ("tenant", "owner");
CREATE INDEX "chat_files_by_message" ON "chat_files" ("message_id");
CREATE INDEX "chat_files_by_state" ON "chat_files" ("state", "created_at");
)sql"}}};
  return kSteps;
}

}  // namespace sluice::chat
