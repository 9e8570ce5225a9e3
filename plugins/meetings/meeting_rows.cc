#include "meeting_rows.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "text.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

/// Of name and description; what stands further back is not searched.
constexpr std::size_t kSearchedBytes = 2'048;

// What no question asks for.
struct Details {
  std::string location;
  std::string description;
  json::object meta_data;
  std::optional<Recurrence> recurrence;
  int max_participants = 0;
  bool waiting_room_enabled = false;
  bool require_host_approval = false;
  bool allow_guests = false;
  Features features;
  RecordingConfig recording_config;
  SecurityPolicy security;
  std::optional<std::int64_t> started_at_ms;
  std::optional<std::int64_t> ended_at_ms;
  std::optional<Statistics> statistics;
  std::string cancel_reason;
};
BOOST_DESCRIBE_STRUCT(Details, (),
                      (location, description, meta_data, recurrence, max_participants, waiting_room_enabled,
                       require_host_approval, allow_guests, features, recording_config, security, started_at_ms,
                       ended_at_ms, statistics, cancel_reason))

std::optional<std::int64_t> to_ms(const std::optional<WallTime>& time) {
  return time ? std::optional{meetings::to_ms(*time)} : std::nullopt;
}
std::optional<WallTime> from_ms(const std::optional<std::int64_t>& ms) {
  return ms ? std::optional{meetings::from_ms(*ms)} : std::nullopt;
}
StoreValue value_or_null(const std::optional<WallTime>& time) {
  return time ? StoreValue{meetings::to_ms(*time)} : StoreValue{};
}
std::optional<WallTime> time_or_null(const StoreValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
  return meetings::from_ms(number(value));
}

std::string write_details(const Meeting& m) {
  const Details details{.location = m.location,
                        .description = m.description,
                        .meta_data = m.meta_data,
                        .recurrence = m.recurrence,
                        .max_participants = m.max_participants,
                        .waiting_room_enabled = m.waiting_room_enabled,
                        .require_host_approval = m.require_host_approval,
                        .allow_guests = m.allow_guests,
                        .features = m.features,
                        .recording_config = m.recording_config,
                        .security = m.security,
                        .started_at_ms = to_ms(m.started_at),
                        .ended_at_ms = to_ms(m.ended_at),
                        .statistics = m.statistics,
                        .cancel_reason = m.cancel_reason};
  return json::serialize(to_json(details));
}

void read_details(const std::string& text, Meeting& m) {
  Details d = from_json<Details>(json::parse(text));
  m.location = std::move(d.location);
  m.description = std::move(d.description);
  m.meta_data = std::move(d.meta_data);
  m.recurrence = std::move(d.recurrence);
  m.max_participants = d.max_participants;
  m.waiting_room_enabled = d.waiting_room_enabled;
  m.require_host_approval = d.require_host_approval;
  m.allow_guests = d.allow_guests;
  m.features = d.features;
  m.recording_config = std::move(d.recording_config);
  m.security = std::move(d.security);
  m.started_at = from_ms(d.started_at_ms);
  m.ended_at = from_ms(d.ended_at_ms);
  m.statistics = std::move(d.statistics);
  m.cancel_reason = std::move(d.cancel_reason);
}

std::string searched(const Meeting& meeting) {
  return fold(sanitise_text(meeting.name + "\n" + meeting.description, kSearchedBytes));
}

}  // namespace

std::int64_t number(const StoreValue& value) { return std::get<std::int64_t>(value); }

const std::string& text(const StoreValue& value) { return std::get<std::string>(value); }

Meeting read_meeting(const StoreRow& row) {
  Meeting m;
  m.tenant = text(row.at(0));
  m.id = text(row.at(1));
  m.creator_id = text(row.at(2));
  m.creator_name = text(row.at(3));
  m.name = text(row.at(4));
  m.type = enum_of<MeetingType>(row.at(5));
  m.status = enum_of<MeetingStatus>(row.at(6));
  m.timezone = text(row.at(7));
  m.start_time = meetings::from_ms(number(row.at(8)));
  m.end_time = meetings::from_ms(number(row.at(9)));
  m.over_at = meetings::from_ms(number(row.at(10)));
  m.password_hash = text(row.at(11));
  read_details(text(row.at(12)), m);
  m.created_at = meetings::from_ms(number(row.at(13)));
  m.updated_at = meetings::from_ms(number(row.at(14)));
  m.version = number(row.at(15));
  return m;
}

void insert_meeting(StoreTransaction& store, const Meeting& m) {
  store.query(
      R"(INSERT INTO "meetings_meeting" ("tenant", "id", "creator_id", "creator_name", "name", "search", "type",
         "status", "timezone", "start_at", "end_at", "over_at", "password_hash", "details", "created_at", "updated_at",
         "version") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
      {m.tenant, m.id, m.creator_id, m.creator_name, m.name, searched(m), name_of(m.type), name_of(m.status),
       m.timezone, meetings::to_ms(m.start_time), meetings::to_ms(m.end_time), meetings::to_ms(m.over_at),
       m.password_hash, write_details(m), meetings::to_ms(m.created_at), meetings::to_ms(m.updated_at), m.version});
}

void update_meeting(StoreTransaction& store, const Meeting& m) {
  store.query(
      R"(UPDATE "meetings_meeting" SET "creator_id" = ?, "creator_name" = ?, "name" = ?, "search" = ?, "type" = ?,
         "status" = ?, "timezone" = ?, "start_at" = ?, "end_at" = ?, "over_at" = ?, "password_hash" = ?, "details" = ?,
         "updated_at" = ?, "version" = ? WHERE "tenant" = ? AND "id" = ?)",
      {m.creator_id, m.creator_name, m.name, searched(m), name_of(m.type), name_of(m.status), m.timezone,
       meetings::to_ms(m.start_time), meetings::to_ms(m.end_time), meetings::to_ms(m.over_at), m.password_hash,
       write_details(m), meetings::to_ms(m.updated_at), m.version, m.tenant, m.id});
}

Invited read_invited(const StoreRow& row) {
  return {.id = text(row.at(0)),
          .meeting_id = text(row.at(1)),
          .user_id = text(row.at(2)),
          .email = text(row.at(3)),
          .name = text(row.at(4)),
          .role = enum_of<Role>(row.at(5)),
          .status = enum_of<InvitedStatus>(row.at(6)),
          .joined_at = time_or_null(row.at(7)),
          .left_at = time_or_null(row.at(8)),
          .walk_in = number(row.at(9)) != 0};
}

std::vector<Invited> read_all_invited(const std::vector<StoreRow>& rows) {
  std::vector<Invited> out;
  out.reserve(rows.size());
  for (const StoreRow& row : rows) out.push_back(read_invited(row));
  return out;
}

void insert_invited(StoreTransaction& store, const std::string& tenant, const Invited& i) {
  store.query(
      R"(INSERT INTO "meetings_participant" ("tenant", "meeting_id", "id", "user_id", "email", "name", "role", "status",
         "joined_at", "left_at", "walk_in", "position") SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(max("position"), 0) + 1
         FROM "meetings_participant" WHERE "tenant" = ? AND "meeting_id" = ?)",
      {tenant, i.meeting_id, i.id, i.user_id, i.email, i.name, name_of(i.role), name_of(i.status),
       value_or_null(i.joined_at), value_or_null(i.left_at), std::int64_t{i.walk_in}, tenant, i.meeting_id});
}

void update_invited(StoreTransaction& store, const std::string& tenant, const Invited& i) {
  store.query(
      R"(UPDATE "meetings_participant" SET "user_id" = ?, "email" = ?, "name" = ?, "role" = ?, "status" = ?,
         "joined_at" = ?, "left_at" = ?, "walk_in" = ? WHERE "tenant" = ? AND "meeting_id" = ? AND "id" = ?)",
      {i.user_id, i.email, i.name, name_of(i.role), name_of(i.status), value_or_null(i.joined_at),
       value_or_null(i.left_at), std::int64_t{i.walk_in}, tenant, i.meeting_id, i.id});
}

}  // namespace sluice::meetings
