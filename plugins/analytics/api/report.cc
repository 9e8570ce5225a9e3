#include "api/report.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "api/rest_time.h"

namespace sluice::analytics {

namespace {

void set(json::object& out, std::string_view name, const std::optional<double>& value) {
  if (value) out[name] = rounded(*value);
}

json::value time_or_null(const std::optional<std::int64_t>& at) {
  return at ? json::value(format_time(*at)) : json::value(nullptr);
}

// Of all sessions together.
SessionRow sums_of(const MeetingRecord& record) {
  SessionRow out;
  for (const SessionRow& one : record.sessions) {
    for (const auto sum :
         {&SessionRow::joins, &SessionRow::left_out, &SessionRow::attended_ms, &SessionRow::talk_ms,
          &SessionRow::screen_ms, &SessionRow::recording_ms, &SessionRow::streaming_ms, &SessionRow::viewers_in_all,
          &SessionRow::chat_messages, &SessionRow::reactions, &SessionRow::hands}) {
      out.*sum += one.*sum;
    }
    out.peak = std::max(out.peak, one.peak);
    out.viewers_peak = std::max(out.viewers_peak, one.viewers_peak);
  }
  return out;
}

double average(std::int64_t attended_ms, std::int64_t duration_ms) {
  return duration_ms > 0 ? rounded(static_cast<double>(attended_ms) / static_cast<double>(duration_ms)) : 0;
}

json::object engagement_report(const EngagementCounts& counts) {
  return {{"high_engagement", counts.high}, {"medium_engagement", counts.medium}, {"low_engagement", counts.low}};
}

json::object figures_of(const SessionRow& sums, std::int64_t duration_ms) {
  return {{"duration_minutes", minutes_of(duration_ms)},
          {"duration_seconds", seconds_of(duration_ms)},
          {"peak_participants", sums.peak},
          {"average_participants", average(sums.attended_ms, duration_ms)},
          {"total_joins", sums.joins},
          {"total_chat_messages", sums.chat_messages},
          {"total_reactions", sums.reactions},
          {"total_hands_raised", sums.hands},
          {"talk_duration", minutes_of(sums.talk_ms)},
          {"screen_share_duration", minutes_of(sums.screen_ms)},
          {"recording_duration", minutes_of(sums.recording_ms)},
          {"streaming_duration", minutes_of(sums.streaming_ms)},
          {"stream_viewers_peak", sums.viewers_peak},
          {"stream_viewers_total", sums.viewers_in_all}};
}

}  // namespace

std::int64_t minutes_of(std::int64_t ms) noexcept { return (ms + 30'000) / 60'000; }
double seconds_of(std::int64_t ms) noexcept { return std::round(static_cast<double>(ms) / 100) / 10; }
double rounded(double value) noexcept { return std::round(value * 100) / 100; }

std::optional<Grade> grade_of(const QualityFigures& figures) noexcept {
  const std::array seconds{figures.poor, figures.fair, figures.good, figures.excellent};
  const auto most = std::ranges::max_element(seconds);
  if (*most == 0) return std::nullopt;
  return static_cast<Grade>(most - seconds.begin());
}

json::object quality_report(const QualityFigures& figures) {
  json::object out;
  if (figures.samples == 0) return out;
  if (const auto grade = grade_of(figures)) out["grade"] = to_json(*grade);
  set(out, "mos", figures.mos);
  set(out, "mos_min", figures.mos_min);
  set(out, "latency_ms", figures.round_trip_ms);
  set(out, "latency_max_ms", figures.round_trip_max_ms);
  set(out, "jitter_ms", figures.jitter_ms);
  set(out, "jitter_max_ms", figures.jitter_max_ms);
  // Shares of packets are small numbers.
  const auto percent = [&out](std::string_view name, const std::optional<double>& share) {
    if (share) out[name] = rounded(*share * 100);
  };
  percent("loss_up_percent", figures.loss_up);
  percent("loss_up_max_percent", figures.loss_up_max);
  percent("loss_down_percent", figures.loss_down);
  percent("loss_down_max_percent", figures.loss_down_max);
  out["up_kbps"] = figures.up_bps / 1'000;
  out["down_kbps"] = figures.down_bps / 1'000;
  set(out, "video_height", figures.height);
  set(out, "frames_per_second", figures.frames_per_second);
  out["freezes"] = figures.freezes;
  out["frozen_seconds"] = seconds_of(figures.frozen_ms);
  out["seconds"] = json::object{
      {"poor", figures.poor}, {"fair", figures.fair}, {"good", figures.good}, {"excellent", figures.excellent}};
  return out;
}

json::object series_point(std::int64_t at, const QualityFigures& figures) {
  json::object out = quality_report(figures);
  out["at"] = format_time(at);
  out["samples"] = figures.samples;
  return out;
}

EngagementScale scale_of(const MeetingRecord& record) {
  EngagementScale scale{
      .session_ms = record.duration_ms(), .all_talk_ms = 0, .people = static_cast<std::int64_t>(record.people.size())};
  for (const PersonRecord& one : record.people) scale.all_talk_ms += one.row.talk_ms;
  return scale;
}

json::object meeting_report(const MeetingRecord& record) {
  const EngagementScale scale = scale_of(record);
  EngagementCounts counts;
  for (const PersonRecord& one : record.people) {
    const Engagement level = engagement_of(engagement_score(one.row, scale));
    ++(level == Engagement::high ? counts.high : level == Engagement::medium ? counts.medium : counts.low);
  }
  json::object out = figures_of(sums_of(record), record.duration_ms());
  out["live"] = std::ranges::any_of(record.sessions, [](const SessionRow& one) { return !one.ended_at; });
  out["total_participants"] = record.people.size();
  out["participant_engagement"] = engagement_report(counts);
  out["connection_quality"] = quality_report(record.quality);
  out["truncated"] = record.truncated;
  json::array sessions;
  for (const SessionRow& one : record.sessions) sessions.push_back(session_report(one));
  out["sessions"] = std::move(sessions);
  return out;
}

json::object person_report(const PersonRecord& person, const EngagementScale& scale) {
  const PersonRow& row = person.row;
  const int score = engagement_score(row, scale);
  const double talk =
      scale.all_talk_ms > 0 ? static_cast<double>(row.talk_ms) * 100 / static_cast<double>(scale.all_talk_ms) : 0;
  return {{"user_id", row.user_id},
          {"name", row.name},
          {"role", row.role},
          {"guest", row.guest},
          {"joined_at", format_time(row.first_joined_at)},
          {"left_at", time_or_null(row.last_left_at)},
          {"sessions", person.sessions},
          {"joins", row.joins},
          {"connections_lost", row.aways},
          {"devices", row.devices},
          {"present_seconds", seconds_of(row.present_ms)},
          {"away_seconds", seconds_of(row.away_ms)},
          {"talk_seconds", seconds_of(row.talk_ms)},
          {"talk_share_percent", rounded(talk)},
          {"camera_seconds", seconds_of(row.camera_ms)},
          {"screen_share_seconds", seconds_of(row.screen_ms)},
          {"chat_messages", row.chat_messages},
          {"reactions", row.reactions},
          {"hands_raised", row.hands},
          {"engagement", json::object{{"score", score}, {"level", to_json(engagement_of(score))}}},
          {"quality", quality_report(person.quality)}};
}

json::object session_report(const SessionRow& session) {
  json::object out = figures_of(session, duration_of(session));
  out["session_id"] = session.id;
  out["room_id"] = session.room_id;
  out["meeting_id"] = session.meeting_id.empty() ? json::value(nullptr) : json::value(session.meeting_id);
  out["started_at"] = format_time(session.started_at);
  out["ended_at"] = time_or_null(session.ended_at);
  out["live"] = !session.ended_at.has_value();
  out["end_reason"] = session.reason;
  out["total_participants"] = session.people;
  out["joins_without_details"] = session.left_out;
  if (session.engagement) out["participant_engagement"] = engagement_report(*session.engagement);
  return out;
}

}  // namespace sluice::analytics
