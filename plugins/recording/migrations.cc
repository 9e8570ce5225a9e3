#include "migrations.h"

#include <array>

namespace sluice::recording {

std::span<const Migration> migrations() {
  // Times are milliseconds since 1970.
  static const std::array<Migration, 1> kSteps{{{1, R"sql(
CREATE TABLE "recording_recordings" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "tenant" TEXT NOT NULL,
  "meeting_id" TEXT NOT NULL,              -- empty: of no meeting
  "room_id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "started_by" TEXT NOT NULL,              -- user id; empty: the gateway
  "started_by_name" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "settings" TEXT NOT NULL,                -- JSON
  "report" TEXT NOT NULL,                  -- JSON
  "files" TEXT NOT NULL,                   -- JSON: a list
  "started_at" BIGINT NOT NULL,
  "ended_at" BIGINT NOT NULL,
  "retention_until" BIGINT NOT NULL,
  "error" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL,
  "deleted_at" BIGINT NOT NULL DEFAULT 0,
  "purged" INTEGER NOT NULL DEFAULT 0);    -- nothing of it is left on any disk
CREATE INDEX "recording_recordings_by_room" ON "recording_recordings" ("tenant", "room_id", "started_at");
CREATE INDEX "recording_recordings_by_meeting" ON "recording_recordings" ("tenant", "meeting_id", "started_at");
CREATE INDEX "recording_recordings_by_state" ON "recording_recordings" ("state", "started_at");

CREATE TABLE "recording_people" (
  "recording_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "moderator" INTEGER NOT NULL,            -- at some time while it was recorded
  PRIMARY KEY ("recording_id", "user_id"));
CREATE INDEX "recording_people_by_user" ON "recording_people" ("user_id");
)sql"}}};
  return kSteps;
}

}  // namespace sluice::recording
