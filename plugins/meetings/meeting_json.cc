#include "meeting_json.h"

#include <chrono>
#include <utility>

#include "meeting_rows.h"
#include "time_zone.h"

namespace sluice::meetings {

namespace {

const std::string kUtc = "UTC";

std::optional<std::string> utc_time(const std::optional<WallTime>& time) {
  return time ? std::optional{format_time(*time, kUtc)} : std::nullopt;
}

std::optional<RecurrenceAnswer> recurrence_answer(const Meeting& meeting) {
  if (!meeting.recurrence) return std::nullopt;
  RecurrenceAnswer out{.rule = meeting.recurrence->rule, .exdates = {}, .cancelled = {}};
  for (const std::int64_t at : meeting.recurrence->exdates_ms) {
    out.exdates.push_back(format_time(from_ms(at), meeting.timezone));
  }
  for (const CancelledOccurrence& cancelled : meeting.recurrence->cancelled) {
    out.cancelled.push_back(format_time(from_ms(cancelled.at_ms), meeting.timezone));
  }
  return out;
}

void add_live(const Meeting& meeting, const Live& live, WallTime now, MeetingAnswer& out) {
  if (meeting.status != MeetingStatus::live) return;
  const auto since = now - meeting.started_at.value_or(now);
  out.current_participants = static_cast<std::int64_t>(live.in_room(meeting.tenant, meeting.id).size());
  out.live_stats = {.participant_count = out.current_participants,
                    .duration_minutes = std::chrono::duration_cast<std::chrono::minutes>(since).count()};
}

}  // namespace

MeetingAnswer meeting_answer(const Meeting& m, std::vector<std::string> participants, Standing standing,
                             const Live* live, WallTime now) {
  MeetingAnswer out{.id = m.id,
                    .campus_id = m.tenant,
                    .creator_id = m.creator_id,
                    .meeting_name = m.name,
                    .meeting_description = m.description,
                    .meeting_start_time = format_time(m.start_time, m.timezone),
                    .meeting_end_time = format_time(m.end_time, m.timezone),
                    .timezone = m.timezone,
                    .meeting_location = m.location,
                    .participants = std::move(participants),
                    .meeting_meta_data = m.meta_data,
                    .meeting_type = m.type,
                    .meeting_status = m.status,
                    .status = m.status,
                    .meeting_room_id = m.id,
                    .max_participants = m.max_participants,
                    .password_protected = !m.password_hash.empty(),
                    .waiting_room_enabled = m.waiting_room_enabled,
                    .require_host_approval = m.require_host_approval,
                    .allow_guests = m.allow_guests,
                    .features = m.features,
                    .recording_config = m.recording_config,
                    .security = {},
                    .recurrence = recurrence_answer(m),
                    .occurrences = {},
                    .is_active = m.status == MeetingStatus::scheduled || m.status == MeetingStatus::live,
                    .started_at = utc_time(m.started_at),
                    .ended_at = utc_time(m.ended_at),
                    .cancel_reason = {},
                    .live_stats = {},
                    .final_stats = m.statistics,
                    .created_at = format_time(m.created_at, kUtc),
                    .updated_at = format_time(m.updated_at, kUtc),
                    .version = m.version};
  if (standing >= Standing::co_host) out.security = m.security;
  if (!m.cancel_reason.empty()) out.cancel_reason = m.cancel_reason;
  if (live != nullptr) add_live(m, *live, now, out);
  return out;
}

OccurrenceAnswer occurrence_answer(const Occurrence& occurrence, const std::string& zone) {
  OccurrenceAnswer out{.recurrence_id = format_time(occurrence.start, zone),
                       .start_time = format_time(occurrence.start, zone),
                       .end_time = format_time(occurrence.end, zone),
                       .cancelled = occurrence.cancelled,
                       .reason = {}};
  if (!occurrence.reason.empty()) out.reason = occurrence.reason;
  return out;
}

ParticipantAnswer participant_answer(const Invited& invited, const LiveParticipant* live) {
  ParticipantAnswer out{.id = invited.id,
                        .participant_id = {},
                        .user_id = invited.user_id,
                        .email = {},
                        .name = invited.name,
                        .role = invited.role,
                        .status = name_of(invited.status),
                        .joined_at = utc_time(invited.joined_at),
                        .left_at = utc_time(invited.left_at),
                        .media_status = {}};
  if (!invited.email.empty()) out.email = invited.email;
  if (live == nullptr) {
    if (invited.status == InvitedStatus::joined) out.status = name_of(InvitedStatus::left);
    return out;
  }
  out.participant_id = live->participant_id;
  if (!live->name.empty()) out.name = live->name;
  out.role = live->role;
  out.status = live->away ? "reconnecting" : "connected";
  out.joined_at = format_time(live->joined_at, kUtc);
  out.media_status = {.audio = live->audio, .video = live->video, .screen_share = live->screen_share};
  return out;
}

}  // namespace sluice::meetings
