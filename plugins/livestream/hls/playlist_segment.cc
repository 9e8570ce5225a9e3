#include "hls/playlist_segment.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "sluice/utc_text.h"

namespace sluice::livestream {

namespace {

std::string uri_attribute(std::string_view name, std::string_view query) {
  return "URI=\"" + std::string{name} + std::string{query} + "\"";
}

}  // namespace

std::string seconds_text(std::chrono::microseconds duration) {
  std::array<char, 40> text{};
  const auto length =
      std::snprintf(text.data(), text.size(), "%lld.%06lld", static_cast<long long>(duration.count() / 1'000'000),
                    static_cast<long long>(duration.count() % 1'000'000));
  std::string out{text.data(), static_cast<std::size_t>(length)};
  const std::size_t dot = out.find('.');
  out.resize(std::max(out.find_last_not_of('0') + 1, dot + 2));
  return out;
}

std::string map_line(const PlaylistSegment& segment, std::string_view query) {
  return "#EXT-X-MAP:" + uri_attribute(segment.initialisation, query) + "\n";
}

std::string head_lines(const PlaylistSegment& segment, std::string_view query) {
  std::string out;
  if (segment.discontinuity) out += "#EXT-X-DISCONTINUITY\n";
  if (segment.brings_map) out += map_line(segment, query);
  return out + "#EXT-X-PROGRAM-DATE-TIME:" + utc_text(segment.began) + "\n";
}

std::string media_lines(const PlaylistSegment& segment, MediaPresence presence, std::string_view query) {
  std::string out = presence == MediaPresence::missing ? "#EXT-X-GAP\n" : "";
  return out + "#EXTINF:" + seconds_text(segment.duration) + ",\n" + segment.name + std::string{query} + "\n";
}

std::string part_line(const PlaylistPart& part, std::string_view query) {
  std::string out = "#EXT-X-PART:DURATION=" + seconds_text(part.duration) + "," + uri_attribute(part.name, query);
  if (part.independent) out += ",INDEPENDENT=YES";
  return out + "\n";
}

}  // namespace sluice::livestream
