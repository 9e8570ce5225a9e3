#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record.h"
#include "settings.h"
#include "sluice/json.h"

/// A recording as clients see it.
namespace sluice::recording {

/// How far the making of a product is.
struct Progress {
  int percent = 0;
  std::string stage;  ///< as ProductionProgress::stage
};

struct FileView {
  static constexpr bool kSnakeCase = true;
  std::string name;
  std::string kind;
  std::string content_type;
  std::int64_t bytes = 0;
  std::string url;
};
BOOST_DESCRIBE_STRUCT(FileView, (), (name, kind, content_type, bytes, url))

enum class MediaType : std::uint8_t { video, audio };
BOOST_DESCRIBE_ENUM(MediaType, video, audio)

/// As the REST API has it.
struct RecordingView {
  static constexpr bool kSnakeCase = true;
  std::string id;
  MediaType type = MediaType::video;
  State state = State::capturing;
  std::string title;
  std::string room_id;
  std::optional<std::string> meeting_id;
  std::optional<std::string> started_by;
  std::optional<std::string> started_by_name;
  Format format = Format::mp4;
  Quality quality = Quality::high;
  Layout layout = Layout::grid;
  std::string created_at;  ///< ISO 8601
  std::optional<std::string> ended_at;
  std::optional<std::string> retention_until;
  double duration_seconds = 0;
  double size_mb = 0;
  std::optional<std::int64_t> width;
  std::optional<std::int64_t> height;
  std::optional<std::int64_t> progress;  ///< percent
  std::optional<std::string> stage;
  std::optional<std::string> error;
  std::optional<std::string> url;
  std::optional<std::string> thumbnail_url;
  std::vector<FileView> files;
};
BOOST_DESCRIBE_STRUCT(RecordingView, (),
                      (id, type, state, title, room_id, meeting_id, started_by, started_by_name, format, quality,
                       layout, created_at, ended_at, retention_until, duration_seconds, size_mb, width, height,
                       progress, stage, error, url, thumbnail_url, files))

/// As `recording:list` has it.
struct RecordingEntry {
  std::string recording_id;
  std::string title;
  State state = State::capturing;
  MediaType type = MediaType::video;
  std::int64_t started_at = 0;  ///< milliseconds of Unix time
  double duration = 0;          ///< seconds
  std::optional<std::int64_t> percent;
  std::optional<std::string> stage;
  std::optional<std::string> url;
  std::optional<std::string> thumbnail;
  std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(RecordingEntry, (),
                      (recording_id, title, state, type, started_at, duration, percent, stage, url, thumbnail, error))

/// The main file of a product; nullptr: there is none.
[[nodiscard]] const KeptFile* main_file(const Record& record) noexcept;
[[nodiscard]] const KeptFile* find_file(const Record& record, std::string_view name) noexcept;

/// @param ticket  Goes into the addresses; empty: they need a token.
[[nodiscard]] RecordingView view_of(const Record& record, const std::optional<Progress>& progress,
                                    std::string_view ticket);
[[nodiscard]] RecordingEntry entry_of(const RecordingView& view, const Record& record);

}  // namespace sluice::recording
