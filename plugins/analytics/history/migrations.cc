#include "history/migrations.h"

#include <array>

namespace sluice::analytics {

namespace {

// Times are milliseconds of Unix time, lengths milliseconds. records/rows.h says what the columns mean.
constexpr const char* kRecords = R"sql(
CREATE TABLE "analytics_session" (
  "id" BIGINT NOT NULL PRIMARY KEY, "tenant" TEXT NOT NULL, "room_id" TEXT NOT NULL, "room_name" TEXT NOT NULL,
  "meeting_id" TEXT NOT NULL, "started_at" BIGINT NOT NULL, "seen_at" BIGINT NOT NULL, "ended_at" BIGINT,
  "reason" TEXT NOT NULL, "joins" BIGINT NOT NULL, "people" BIGINT NOT NULL, "left_out" BIGINT NOT NULL,
  "peak" BIGINT NOT NULL, "attended_ms" BIGINT NOT NULL, "talk_ms" BIGINT NOT NULL, "screen_ms" BIGINT NOT NULL,
  "recording_ms" BIGINT NOT NULL, "streaming_ms" BIGINT NOT NULL, "viewers_peak" BIGINT NOT NULL,
  "viewers_in_all" BIGINT NOT NULL, "chat_messages" BIGINT NOT NULL, "reactions" BIGINT NOT NULL,
  "hands" BIGINT NOT NULL, "high" BIGINT, "medium" BIGINT, "low" BIGINT, "erased" BIGINT NOT NULL);
CREATE INDEX "analytics_session_by_meeting" ON "analytics_session" ("tenant", "meeting_id", "started_at");
CREATE INDEX "analytics_session_by_room" ON "analytics_session" ("tenant", "room_id", "started_at");
CREATE INDEX "analytics_session_by_tenant" ON "analytics_session" ("tenant", "started_at");
CREATE INDEX "analytics_session_by_start" ON "analytics_session" ("started_at");
CREATE INDEX "analytics_session_open" ON "analytics_session" ("id") WHERE "ended_at" IS NULL;
CREATE INDEX "analytics_session_erased" ON "analytics_session" ("id") WHERE "erased" = 1;
CREATE TABLE "analytics_person" (
  "session" BIGINT NOT NULL, "number" BIGINT NOT NULL, "user_id" TEXT NOT NULL, "name" TEXT NOT NULL,
  "role" TEXT NOT NULL, "guest" BIGINT NOT NULL, "first_joined_at" BIGINT NOT NULL, "last_left_at" BIGINT,
  "joins" BIGINT NOT NULL, "aways" BIGINT NOT NULL, "devices" BIGINT NOT NULL, "present_ms" BIGINT NOT NULL,
  "away_ms" BIGINT NOT NULL, "talk_ms" BIGINT NOT NULL, "camera_ms" BIGINT NOT NULL, "screen_ms" BIGINT NOT NULL,
  "chat_messages" BIGINT NOT NULL, "reactions" BIGINT NOT NULL, "hands" BIGINT NOT NULL, "counted_at" BIGINT NOT NULL,
  "is_present" BIGINT NOT NULL, "is_away" BIGINT NOT NULL, "camera_on" BIGINT NOT NULL, "screen_on" BIGINT NOT NULL,
  PRIMARY KEY ("session", "number"));
CREATE TABLE "analytics_event" (
  "session" BIGINT NOT NULL, "number" BIGINT NOT NULL, "at" BIGINT NOT NULL, "kind" TEXT NOT NULL,
  "person" BIGINT NOT NULL, "participants" BIGINT NOT NULL,
  PRIMARY KEY ("session", "number"));
)sql";

// "resolution" is a length in seconds, "person" 0 the room.
constexpr const char* kQuality = R"sql(
CREATE TABLE "analytics_quality" (
  "session" BIGINT NOT NULL, "resolution" BIGINT NOT NULL, "person" BIGINT NOT NULL, "at" BIGINT NOT NULL,
  "samples" BIGINT NOT NULL, "round_trip_ms" DOUBLE PRECISION, "round_trip_max_ms" DOUBLE PRECISION,
  "jitter_ms" DOUBLE PRECISION, "jitter_max_ms" DOUBLE PRECISION, "loss_up" DOUBLE PRECISION,
  "loss_up_max" DOUBLE PRECISION, "loss_down" DOUBLE PRECISION, "loss_down_max" DOUBLE PRECISION,
  "up_bps" BIGINT NOT NULL, "down_bps" BIGINT NOT NULL, "height" DOUBLE PRECISION,
  "frames_per_second" DOUBLE PRECISION, "freezes" BIGINT NOT NULL, "frozen_ms" BIGINT NOT NULL,
  "mos" DOUBLE PRECISION, "mos_min" DOUBLE PRECISION,
  "poor" BIGINT NOT NULL, "fair" BIGINT NOT NULL, "good" BIGINT NOT NULL, "excellent" BIGINT NOT NULL,
  PRIMARY KEY ("session", "resolution", "person", "at"));
CREATE INDEX "analytics_quality_by_age" ON "analytics_quality" ("resolution", "at");
)sql";

}  // namespace

std::span<const Migration> migrations() {
  static const std::array<Migration, 2> steps{Migration{1, kRecords}, Migration{2, kQuality}};
  return steps;
}

}  // namespace sluice::analytics
