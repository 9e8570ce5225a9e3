#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/time.h"

namespace sluice::livestream {

enum class MediaPresence : std::uint8_t {
  whole,
  missing  ///< it was never finished: EXT-X-GAP
};

/// A segment of a playlist, with its lines as they stand there; they are written once.
struct PlaylistSegment {
  std::string name;
  std::string initialisation;
  std::chrono::microseconds duration{};  ///< of its parts, while it runs
  WallTime began{};
  bool discontinuity = false;
  bool brings_map = false;  ///< its initialisation is another one than that of the segment before

  std::vector<std::string> part_names;  ///< that are listed
  std::size_t parts_in_all = 0;
  std::int64_t next_part = 0;

  std::string head;        ///< what applies to it: discontinuity, map, date
  std::string part_lines;  ///< EXT-X-PART
  std::string media;       ///< EXTINF and its URI; empty while it runs
};

/// `1.0`, `0.25`, `1.033333`: a decimal-floating-point of RFC 8216 section 4.2.
[[nodiscard]] std::string seconds_text(std::chrono::microseconds duration);

[[nodiscard]] std::string map_line(const PlaylistSegment& segment, std::string_view query);
/// The lines before a segment's parts.
[[nodiscard]] std::string head_lines(const PlaylistSegment& segment, std::string_view query);
[[nodiscard]] std::string media_lines(const PlaylistSegment& segment, MediaPresence presence, std::string_view query);

struct PlaylistPart {
  std::string_view name;
  std::chrono::microseconds duration{};
  bool independent = false;
};
[[nodiscard]] std::string part_line(const PlaylistPart& part, std::string_view query);

}  // namespace sluice::livestream
