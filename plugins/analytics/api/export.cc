#include "api/export.h"

#include <array>
#include <boost/json/serialize.hpp>
#include <limits>
#include <span>
#include <utility>

#include "api/csv_table.h"
#include "api/report.h"
#include "api/rest_time.h"

namespace sluice::analytics {

namespace {

constexpr std::array<std::string_view, 31> kPeople{"user_id",
                                                   "name",
                                                   "role",
                                                   "guest",
                                                   "joined_at",
                                                   "left_at",
                                                   "sessions",
                                                   "joins",
                                                   "connections_lost",
                                                   "devices",
                                                   "present_seconds",
                                                   "away_seconds",
                                                   "talk_seconds",
                                                   "talk_share_percent",
                                                   "camera_seconds",
                                                   "screen_share_seconds",
                                                   "chat_messages",
                                                   "reactions",
                                                   "hands_raised",
                                                   "engagement.score",
                                                   "engagement.level",
                                                   "quality.grade",
                                                   "quality.mos",
                                                   "quality.mos_min",
                                                   "quality.latency_ms",
                                                   "quality.jitter_ms",
                                                   "quality.loss_up_percent",
                                                   "quality.loss_down_percent",
                                                   "quality.up_kbps",
                                                   "quality.down_kbps",
                                                   "quality.freezes"};
constexpr std::array<std::string_view, 5> kTimeline{"session_id", "at", "event", "person", "participants"};
constexpr std::array<std::string_view, 20> kQuality{"session_id",
                                                    "person",
                                                    "at",
                                                    "samples",
                                                    "grade",
                                                    "mos",
                                                    "mos_min",
                                                    "latency_ms",
                                                    "latency_max_ms",
                                                    "jitter_ms",
                                                    "jitter_max_ms",
                                                    "loss_up_percent",
                                                    "loss_down_percent",
                                                    "up_kbps",
                                                    "down_kbps",
                                                    "video_height",
                                                    "frames_per_second",
                                                    "freezes",
                                                    "frozen_seconds",
                                                    "seconds.poor"};

std::span<const std::string_view> columns_of(ExportContent content) {
  switch (content) {
    case ExportContent::participants:
      return kPeople;
    case ExportContent::timeline:
      return kTimeline;
    case ExportContent::quality:
      return kQuality;
  }
  return {};
}

/// Where an export has come to.
struct Place {
  std::vector<SessionId> sessions;  // that are still to be read, the next at the back
  std::int64_t event = 0;
  std::optional<QualityKey> quality;
};

struct Page {
  std::vector<json::object> rows;
  Place next;
  bool is_last = false;
};

Page all_people(StoreTransaction& store, const SessionFilter& where) {
  const MeetingRecord record = read_meeting(store, where);
  const EngagementScale scale = scale_of(record);
  Page page{.rows = {}, .next = {}, .is_last = true};
  for (const PersonRecord& one : record.people) page.rows.push_back(person_report(one, scale));
  return page;
}

void add_events(StoreTransaction& store, Page& page) {
  const auto events = events_of(store, page.next.sessions.back(), page.next.event, Exporter::kRowsPerPage);
  for (const EventRow& event : events) {
    page.rows.push_back({{"session_id", event.session},
                         {"at", format_time(event.at)},
                         {"event", to_json(event.kind)},
                         {"person", event.person},
                         {"participants", event.participants}});
    page.next.event = event.number;
  }
  if (static_cast<std::int64_t>(events.size()) < Exporter::kRowsPerPage)
    page.next.sessions.pop_back(), page.next.event = 0;
}

void add_quality(StoreTransaction& store, Resolution resolution, Page& page) {
  SeriesFilter filter;
  filter.session = page.next.sessions.back();
  filter.resolution = resolution;
  filter.to = std::numeric_limits<std::int64_t>::max();
  filter.after = page.next.quality;
  filter.limit = Exporter::kRowsPerPage;
  const auto rows = series_of(store, filter);
  for (const QualityRow& row : rows) {
    json::object point = series_point(row.at, row.figures);
    point["session_id"] = row.session;
    point["person"] = row.person;
    page.rows.push_back(std::move(point));
    page.next.quality = QualityKey{.person = row.person, .at = row.at};
  }
  if (static_cast<std::int64_t>(rows.size()) < Exporter::kRowsPerPage)
    page.next.sessions.pop_back(), page.next.quality.reset();
}

}  // namespace

struct Exporter::Draft {
  ExportFormat format;
  ExportContent content;
  Resolution resolution;
  SessionFilter where;
  rest::Reply reply;
  std::shared_ptr<const char> share;  // of kMostAtOnce
  bool begun = false;
  Place place{};
  std::string body{};
  bool truncated = false;

  Page read(StoreTransaction& store) const {
    if (content == ExportContent::participants) return all_people(store, where);
    Page page{.rows = {}, .next = place, .is_last = false};
    if (!begun) {
      SessionFilter all = where;
      all.limit = MeetingRecord::kMostSessions;
      for (const SessionRow& one : find_sessions(store, all)) page.next.sessions.push_back(one.id);
    }
    if (!page.next.sessions.empty()) {
      content == ExportContent::timeline ? add_events(store, page) : add_quality(store, resolution, page);
    }
    page.is_last = page.next.sessions.empty();
    return page;
  }

  /// Whether there is room for more.
  bool add(const std::vector<json::object>& rows) {
    for (const json::object& row : rows) {
      std::string line = format == ExportFormat::csv ? csv_line(columns_of(content), row) : json::serialize(row);
      if (body.size() + line.size() > kMostBytes) {
        truncated = true;
        return false;
      }
      if (format == ExportFormat::json) body += body.empty() ? "[" : ",\n";
      body += line;
    }
    return true;
  }

  void send() {
    const bool is_csv = format == ExportFormat::csv;
    if (!is_csv) body += body.empty() ? "[]" : "]";
    HttpReply::Response response;
    response.content_type = is_csv ? "text/csv; charset=utf-8" : "application/json";
    response.body = std::move(body);
    const std::string name{to_json(content).as_string()};
    response.headers["Content-Disposition"] =
        "attachment; filename=\"analytics-" + name + (is_csv ? ".csv\"" : ".json\"");
    if (truncated) response.headers["Sluice-Truncated"] = "true";
    std::move(reply).release().send(std::move(response));
  }
};

void Exporter::answer(const ReadExport& query, const SessionFilter& where, const Room* room, rest::Reply reply) {
  const Resolution resolution = read_resolution(query.resolution, Resolution::m1);
  if (resolution == Resolution::s1) {
    throw Error{ErrorCode::invalid_payload, "resolution: seconds are not kept", {{"path", "resolution"}}};
  }
  if (share_.use_count() > kMostAtOnce) {
    throw Error{ErrorCode::rate_limited, "too many exports are being made", {{"retryAfterMs", kRetryAfterMs}}};
  }
  const auto draft = std::make_shared<Draft>(Draft{.format = query.format.value_or(ExportFormat::csv),
                                                   .content = query.content.value_or(ExportContent::participants),
                                                   .resolution = resolution,
                                                   .where = where,
                                                   .reply = std::move(reply),
                                                   .share = share_});
  draft->where.id = query.session;
  if (draft->format == ExportFormat::csv) draft->body = csv_header(columns_of(draft->content));
  api_.history.flush_then(room, api_.lifeline.guard([this, draft](const Result<Ok, Error>& written) {
    written ? read_page(draft) : draft->reply.fail(written.error());
  }));
}

void Exporter::read_page(std::shared_ptr<Draft> draft) {
  // The store's thread reads the draft while nobody changes it: the next page is asked for when this one is there.
  in_store(
      api_.host, api_.lifeline, [draft](StoreTransaction& store) { return draft->read(store); },
      [this, draft](Result<Page, Error> page) {
        if (!page) return draft->reply.fail(page.error());
        draft->begun = true;
        draft->place = std::move(page->next);
        draft->add(page->rows) && !page->is_last ? read_page(draft) : draft->send();
      });
}

}  // namespace sluice::analytics
