#include "view.h"

#include <algorithm>
#include <cmath>

#include "sluice/utc_text.h"

namespace sluice::recording {

namespace {

std::string or_empty(std::string_view before, std::string_view ticket) {
  return ticket.empty() ? std::string{} : std::string{before} + std::string{ticket};
}

std::optional<std::string> if_any(const std::string& text) { return text.empty() ? std::nullopt : std::optional{text}; }
std::optional<std::string> time_if_any(UnixMs time) {
  return time == 0 ? std::nullopt : std::optional{utc_text_of_ms(time)};
}

void add_files(const Record& record, std::string_view ticket, RecordingView& out) {
  const std::string root = "/api/recordings/" + record.id;
  const std::string query = or_empty("?ticket=", ticket);
  std::int64_t bytes = 0;
  for (const KeptFile& file : record.files) {
    const std::string url = root + "/files/" + file.name + query;
    out.files.push_back(
        {.name = file.name, .kind = file.kind, .content_type = file.content_type, .bytes = file.bytes, .url = url});
    if (file.kind == "thumbnail") out.thumbnail_url = url;
    bytes += file.bytes;
  }
  out.size_mb = std::round(static_cast<double>(bytes) / 10'000) / 100;
  if (main_file(record) != nullptr) out.url = root + "/file" + query;
}

}  // namespace

const KeptFile* main_file(const Record& record) noexcept {
  const auto found = std::ranges::find(record.files, "recording", &KeptFile::kind);
  return found == record.files.end() ? nullptr : &*found;
}

const KeptFile* find_file(const Record& record, std::string_view name) noexcept {
  const auto found = std::ranges::find(record.files, name, &KeptFile::name);
  return found == record.files.end() ? nullptr : &*found;
}

RecordingView view_of(const Record& record, const std::optional<Progress>& progress, std::string_view ticket) {
  const Settings& settings = record.settings;
  RecordingView out;
  out.id = record.id;
  out.type = settings.video || settings.screen_share ? MediaType::video : MediaType::audio;
  out.state = record.state;
  out.title = settings.title;
  out.room_id = record.room_id;
  out.meeting_id = if_any(record.meeting_id);
  out.started_by = if_any(record.started_by);
  out.started_by_name = if_any(record.started_by_name);
  out.format = settings.format;
  out.quality = settings.quality;
  out.layout = settings.layout;
  out.created_at = utc_text_of_ms(record.started_at);
  out.ended_at = time_if_any(record.ended_at);
  out.retention_until = time_if_any(record.retention_until);
  out.duration_seconds = static_cast<double>(record.report.duration_ms) / 1'000;
  if (record.report.width > 0) {
    out.width = record.report.width;
    out.height = record.report.height;
  }
  if (record.state == State::producing) {
    out.progress = progress ? progress->percent : 0;
    if (progress) out.stage = if_any(progress->stage);
  }
  // What went wrong in detail is for operators: the log and the admin API have it.
  if (record.state == State::failed) out.error = "the recording could not be made";
  if (record.state == State::ready) add_files(record, ticket, out);
  return out;
}

RecordingEntry entry_of(const RecordingView& view, const Record& record) {
  return {.recording_id = view.id,
          .title = view.title,
          .state = view.state,
          .type = view.type,
          .started_at = record.started_at,
          .duration = view.duration_seconds,
          .percent = view.progress,
          .stage = view.stage,
          .url = view.url,
          .thumbnail = view.thumbnail_url,
          .error = view.error};
}

}  // namespace sluice::recording
