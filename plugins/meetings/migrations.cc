#include "migrations.h"

#include <array>

namespace sluice::meetings {

namespace {

// Times are milliseconds of Unix time. What no question asks for stands as JSON in `details`.
constexpr const char* kMeetings = R"sql(
CREATE TABLE "meetings_meeting" (
  "tenant" TEXT NOT NULL, "id" TEXT NOT NULL, "creator_id" TEXT NOT NULL, "creator_name" TEXT NOT NULL,
  "name" TEXT NOT NULL, "search" TEXT NOT NULL, "type" TEXT NOT NULL, "status" TEXT NOT NULL,
  "timezone" TEXT NOT NULL, "start_at" BIGINT NOT NULL, "end_at" BIGINT NOT NULL, "over_at" BIGINT NOT NULL,
  "password_hash" TEXT NOT NULL, "details" TEXT NOT NULL,
  "created_at" BIGINT NOT NULL, "updated_at" BIGINT NOT NULL, "version" BIGINT NOT NULL, "deleted_at" BIGINT,
  PRIMARY KEY ("tenant", "id"));
CREATE INDEX "meetings_meeting_by_start" ON "meetings_meeting" ("tenant", "start_at", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "meetings_meeting_by_status" ON "meetings_meeting" ("tenant", "status", "start_at", "id")
  WHERE "deleted_at" IS NULL;
CREATE INDEX "meetings_meeting_by_creator" ON "meetings_meeting" ("tenant", "creator_id", "over_at");
CREATE INDEX "meetings_meeting_live" ON "meetings_meeting" ("status") WHERE "status" = 'live';
CREATE INDEX "meetings_meeting_deleted" ON "meetings_meeting" ("deleted_at") WHERE "deleted_at" IS NOT NULL;
CREATE TABLE "meetings_occurrence" (
  "tenant" TEXT NOT NULL, "meeting_id" TEXT NOT NULL, "start_at" BIGINT NOT NULL, "end_at" BIGINT NOT NULL,
  PRIMARY KEY ("tenant", "meeting_id", "start_at"));
CREATE TABLE "meetings_participant" (
  "tenant" TEXT NOT NULL, "meeting_id" TEXT NOT NULL, "id" TEXT NOT NULL, "position" BIGINT NOT NULL,
  "user_id" TEXT NOT NULL, "email" TEXT NOT NULL, "name" TEXT NOT NULL, "role" TEXT NOT NULL, "status" TEXT NOT NULL,
  "joined_at" BIGINT, "left_at" BIGINT,
  PRIMARY KEY ("tenant", "meeting_id", "id"));
CREATE UNIQUE INDEX "meetings_participant_by_user" ON "meetings_participant" ("tenant", "user_id", "meeting_id")
  WHERE "user_id" <> '';
CREATE UNIQUE INDEX "meetings_participant_by_email" ON "meetings_participant" ("tenant", "email", "meeting_id")
  WHERE "user_id" = '';
CREATE INDEX "meetings_participant_by_position" ON "meetings_participant" ("tenant", "meeting_id", "position");
)sql";

constexpr const char* kUsers = R"sql(
CREATE TABLE "meetings_user" (
  "tenant" TEXT NOT NULL, "id" TEXT NOT NULL, "name" TEXT NOT NULL, "email" TEXT NOT NULL, "search" TEXT NOT NULL,
  "user_type" TEXT NOT NULL, "profile_image" TEXT NOT NULL, "active" BIGINT NOT NULL,
  "created_at" BIGINT NOT NULL, "updated_at" BIGINT NOT NULL,
  PRIMARY KEY ("tenant", "id"));
CREATE INDEX "meetings_user_by_email" ON "meetings_user" ("tenant", "email");
CREATE INDEX "meetings_user_by_search" ON "meetings_user" ("tenant", "search");
)sql";

constexpr const char* kAudit = R"sql(
CREATE TABLE "meetings_audit" (
  "tenant" TEXT NOT NULL, "meeting_id" TEXT NOT NULL, "id" BIGINT NOT NULL, "at" BIGINT NOT NULL,
  "actor_id" TEXT NOT NULL, "actor_name" TEXT NOT NULL, "action" TEXT NOT NULL, "target" TEXT NOT NULL,
  "details" TEXT NOT NULL,
  PRIMARY KEY ("tenant", "meeting_id", "id"));
CREATE INDEX "meetings_audit_by_time" ON "meetings_audit" ("at");
)sql";

// One run of a meeting; `ended_at` is missing while it runs, `seen_at` says until when its numbers are true.
constexpr const char* kSessions = R"sql(
CREATE TABLE "meetings_session" (
  "tenant" TEXT NOT NULL, "meeting_id" TEXT NOT NULL, "id" TEXT NOT NULL,
  "started_at" BIGINT NOT NULL, "seen_at" BIGINT NOT NULL, "ended_at" BIGINT, "reason" TEXT NOT NULL,
  "duration_seconds" BIGINT NOT NULL, "total_joins" BIGINT NOT NULL, "max_participants" BIGINT NOT NULL,
  "total_participants" BIGINT NOT NULL, "average_participants" DOUBLE PRECISION NOT NULL, "figures" TEXT NOT NULL,
  PRIMARY KEY ("tenant", "meeting_id", "id"));
CREATE INDEX "meetings_session_by_start" ON "meetings_session" ("tenant", "started_at");
CREATE INDEX "meetings_meeting_by_id" ON "meetings_meeting" ("id");
)sql";

// Who came without being invited.
constexpr const char* kWalkIns = R"sql(
ALTER TABLE "meetings_participant" ADD COLUMN "walk_in" BIGINT NOT NULL DEFAULT 0;
)sql";

}  // namespace

std::span<const Migration> migrations() {
  static const std::array<Migration, 5> steps{Migration{1, kMeetings}, Migration{2, kUsers}, Migration{3, kAudit},
                                              Migration{4, kSessions}, Migration{5, kWalkIns}};
  return steps;
}

}  // namespace sluice::meetings
