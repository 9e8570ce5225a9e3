#include "meeting_draft.h"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "door.h"
#include "policy.h"
#include "recurrence.h"
#include "sluice/timers.h"
#include "text.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

constexpr std::size_t kMostMetaBytes = 16'384;
constexpr int kMostRetentionDays = 3'650;
constexpr std::chrono::minutes kDefaultDuration{60};

template <class T, class U>
void take(const std::optional<U>& wish, T& out) {
  if (wish) out = *wish;
}

std::string read_line(std::string_view path, const std::string& text, std::size_t least) {
  std::string line = sanitise_text(text);
  if (line.size() < least) refuse(path, "must not be empty");
  return line;
}

WallTime read_time(std::string_view path, const std::string& text, const std::string& zone) {
  const std::optional<WallTime> time = parse_time(text, zone);
  if (!time) refuse(path, "must be an RFC 3339 time, such as 2025-07-30T10:00:00Z");
  return *time;
}

void apply_features(const FeatureFields& wish, Features& out) {
  take(wish.video_enabled, out.video_enabled);
  take(wish.audio_enabled, out.audio_enabled);
  take(wish.screen_sharing_enabled, out.screen_sharing_enabled);
  take(wish.chat_enabled, out.chat_enabled);
  take(wish.recording_enabled, out.recording_enabled);
  take(wish.breakout_rooms_enabled, out.breakout_rooms_enabled);
  take(wish.whiteboard_enabled, out.whiteboard_enabled);
  take(wish.hand_raise_enabled, out.hand_raise_enabled);
  take(wish.reactions_enabled, out.reactions_enabled);
}

void apply_recording(const RecordingFields& wish, RecordingConfig& out) {
  take(wish.auto_record, out.auto_record);
  take(wish.record_video, out.record_video);
  take(wish.record_audio, out.record_audio);
  take(wish.record_chat, out.record_chat);
  if (wish.storage_location) out.storage_location = sanitise_text(*wish.storage_location);
  if (!wish.retention_days) return;
  if (*wish.retention_days < 0 || *wish.retention_days > kMostRetentionDays) {
    refuse("recording_config.retention_days", "must be between 0 and 3650");
  }
  out.retention_days = *wish.retention_days;
}

SecurityPolicy apply_security(const json::object& wish, const SecurityPolicy& present) {
  json::object merged = to_json(present).as_object();
  for (const auto& [name, value] : wish) merged[name] = value;
  if (merged["allowed_domains"].is_null()) merged["allowed_domains"] = json::array();
  if (merged["blocked_users"].is_null()) merged["blocked_users"] = json::array();
  return below("security", [&] { return checked(from_json<SecurityPolicy>(json::value(std::move(merged)))); });
}

void apply_recurrence(const RecurrenceFields& wish, Meeting& meeting) {
  RuleRequest request{.rule = wish.rule, .until = {}, .count = wish.count};
  if (wish.until) request.until = read_time("recurrence.until", *wish.until, meeting.timezone);
  Recurrence recurrence{.rule = checked_rule(request), .exdates_ms = {}, .cancelled = {}};
  if (meeting.recurrence) recurrence.cancelled = meeting.recurrence->cancelled;
  if (wish.exdates) {
    if (wish.exdates->size() > kMostExdates) refuse("recurrence.exdates", "at most 500");
    for (std::size_t i = 0; i < wish.exdates->size(); ++i) {
      const std::string path = "recurrence.exdates[" + std::to_string(i) + "]";
      recurrence.exdates_ms.push_back(to_ms(read_time(path, (*wish.exdates)[i], meeting.timezone)));
    }
  }
  meeting.recurrence = std::move(recurrence);
}

// The zone first: times without an offset are read in it.
void apply_times(const MeetingFields& wish, const Options& options, Meeting& meeting) {
  if (wish.timezone) {
    if (!is_time_zone(*wish.timezone)) refuse("timezone", "must be an IANA time zone, such as Europe/Berlin");
    meeting.timezone = *wish.timezone;
  }
  const auto duration = meeting.end_time - meeting.start_time;
  if (wish.meeting_start_time) {
    meeting.start_time = read_time("meeting_start_time", *wish.meeting_start_time, meeting.timezone);
    meeting.end_time = meeting.start_time + duration;
  }
  if (wish.meeting_end_time) {
    meeting.end_time = read_time("meeting_end_time", *wish.meeting_end_time, meeting.timezone);
  }
  if (meeting.end_time <= meeting.start_time) refuse("meeting_end_time", "must be after meeting_start_time");
  if (meeting.end_time - meeting.start_time > options.max_duration_minutes) {
    refuse("meeting_end_time", "must be at most " + std::to_string(options.max_duration_minutes.count()) +
                                   " minutes after meeting_start_time");
  }
}

void apply_type(const MeetingFields& wish, Meeting& meeting) {
  const bool becomes_recurring = wish.recurrence && !wish.meeting_type && meeting.type == MeetingType::scheduled;
  if (becomes_recurring) meeting.type = MeetingType::recurring;
  take(wish.meeting_type, meeting.type);
  if (wish.recurrence && meeting.type != MeetingType::recurring) {
    refuse("recurrence", "is for meetings of the type recurring");
  }
  if (wish.recurrence) apply_recurrence(*wish.recurrence, meeting);
  if (meeting.type != MeetingType::recurring) meeting.recurrence.reset();
  if (meeting.type == MeetingType::recurring && !meeting.recurrence) refuse("recurrence", "is missing");
}

void apply_texts(const MeetingFields& wish, Meeting& meeting) {
  if (wish.meeting_description) meeting.description = sanitise_lines(*wish.meeting_description);
  if (wish.meeting_location) meeting.location = sanitise_text(*wish.meeting_location);
  if (!wish.meeting_meta_data) return;
  if (json::serialize(*wish.meeting_meta_data).size() > kMostMetaBytes) {
    refuse("meeting_meta_data", "must be at most 16384 bytes as JSON");
  }
  meeting.meta_data = *wish.meeting_meta_data;
}

void apply(const MeetingFields& wish, const Options& options, Meeting& meeting) {
  apply_texts(wish, meeting);
  apply_times(wish, options, meeting);
  apply_type(wish, meeting);
  if (wish.max_participants) {
    if (*wish.max_participants < 1 || *wish.max_participants > options.max_participants) {
      refuse("max_participants", "must be between 1 and " + std::to_string(options.max_participants));
    }
    meeting.max_participants = *wish.max_participants;
  }
  take(wish.waiting_room_enabled, meeting.waiting_room_enabled);
  take(wish.require_host_approval, meeting.require_host_approval);
  take(wish.allow_guests, meeting.allow_guests);
  if (wish.features) apply_features(*wish.features, meeting.features);
  if (wish.recording_config) apply_recording(*wish.recording_config, meeting.recording_config);
  if (wish.security) meeting.security = apply_security(*wish.security, meeting.security);
}

PersonFields read_person(const json::value& value, const std::string& path) {
  if (!value.is_string()) return below(path, [&] { return from_json<PersonFields>(value); });
  PersonFields person;
  person.user_id = std::string{value.as_string()};
  if (person.user_id->size() > Identity::kMaxBytes) refuse(path, "is too long");
  return person;
}

Invited invite(const PersonFields& person, const std::string& path, const std::string& meeting_id, Host& host) {
  Invited out{.id = host.random_token(),
              .meeting_id = meeting_id,
              .user_id = person.user_id ? sanitise_text(*person.user_id) : "",
              .email = person.email ? lower(*person.email) : "",
              .name = person.name ? sanitise_text(*person.name) : "",
              .role = person.role.value_or(Role::attendee)};
  if (person.user_id && out.user_id != *person.user_id) refuse(path + ".user_id", "must be a user id");
  if (out.user_id.empty() && out.email.empty()) refuse(path, "must name a user_id or an email");
  if (!out.email.empty() && !is_email(out.email)) refuse(path + ".email", "must be an e-mail address");
  return out;
}

bool same_person(const Invited& a, const Invited& b) {
  return a.user_id.empty() && b.user_id.empty() ? a.email == b.email : a.user_id == b.user_id;
}

}  // namespace

Meeting new_meeting(const CreateMeeting& request, const Identity& creator, const Options& options, Host& host) {
  const WallTime now = std::chrono::floor<std::chrono::seconds>(host.timers().wall_time());
  const MeetingType type = request.meeting_type.value_or(MeetingType::scheduled);
  if (type != MeetingType::instant && !request.meeting_start_time) refuse("meeting_start_time", "is missing");
  Meeting meeting;
  meeting.id = host.random_token();
  meeting.tenant = creator.tenant;
  meeting.creator_id = creator.user_id;
  meeting.creator_name = creator.name;
  meeting.name = read_line("meeting_name", request.meeting_name, 1);
  meeting.timezone = options.default_timezone;
  meeting.start_time = now;
  meeting.end_time = now + std::min(kDefaultDuration, options.max_duration_minutes);
  meeting.max_participants = std::min(options.default_max_participants, options.max_participants);
  meeting.waiting_room_enabled = options.default_waiting_room;
  meeting.allow_guests = options.default_allow_guests;
  meeting.created_at = meeting.updated_at = now;
  apply(request, options, meeting);
  return meeting;
}

void apply_update(const UpdateMeeting& request, const Options& options, Meeting& meeting) {
  const bool moved = request.meeting_start_time || request.meeting_end_time || request.meeting_type ||
                     request.recurrence || request.timezone;
  if (meeting.status == MeetingStatus::live && moved) {
    throw Error{ErrorCode::conflict, "the times of a meeting that is live stay", {{"status", "live"}}};
  }
  if (request.meeting_type == MeetingType::instant && meeting.type != MeetingType::instant) {
    refuse("meeting_type", "a meeting does not become an instant one");
  }
  if (request.meeting_name) meeting.name = read_line("meeting_name", *request.meeting_name, 1);
  apply(request, options, meeting);
}

std::vector<Invited> read_people(const json::array& people, const Meeting& meeting, const Options& options,
                                 Host& host) {
  // One of them is the creator.
  if (people.size() >= static_cast<std::size_t>(options.participants_per_meeting)) {
    throw Error{ErrorCode::limit_exceeded,
                "participants: at most " + std::to_string(options.participants_per_meeting - 1),
                {{"limit", options.participants_per_meeting}, {"path", "participants"}}};
  }
  std::vector<Invited> out;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const std::string path = "participants[" + std::to_string(i) + "]";
    Invited invited = invite(read_person(people[i], path), path, meeting.id, host);
    const bool known = invited.user_id == meeting.creator_id ||
                       std::ranges::any_of(out, [&](const Invited& other) { return same_person(other, invited); });
    if (!known) out.push_back(std::move(invited));
  }
  return out;
}

Invited row_of_creator(const Meeting& meeting, const Identity& creator, Host& host) {
  return {.id = host.random_token(),
          .meeting_id = meeting.id,
          .user_id = creator.user_id,
          .email = lower(creator.email),
          .name = creator.name,
          .role = Role::host};
}

}  // namespace sluice::meetings
