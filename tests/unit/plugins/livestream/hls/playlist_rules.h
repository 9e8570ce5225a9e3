#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::testing {

/// A playlist as a player reads it.
struct ReadPlaylist {
  struct Segment {
    std::string uri;
    double duration = 0;
    std::string map;
    std::string date;
    std::uint64_t discontinuity = 0;  ///< its Discontinuity Sequence Number
    bool gap = false;
    std::vector<std::string> parts;
    std::vector<double> part_durations;
    friend bool operator==(const Segment&, const Segment&) = default;
  };
  std::string header;  ///< the lines before the first one of a segment
  std::string body;    ///< the others
  int target = 0;
  double part_target = 0;
  std::uint64_t first = 0;
  std::uint64_t first_discontinuity = 0;
  std::uint64_t skipped = 0;
  std::vector<Segment> segments;
  Segment running;  ///< parts alone
  std::string hint;
  bool ended = false;
};

inline ReadPlaylist read_playlist(const std::string& text) {
  ReadPlaylist out;
  std::istringstream lines{text};
  std::string line;
  std::string map;
  const auto after = [&line](std::string_view what) -> std::optional<std::string> {
    const std::size_t at = line.find(what);
    if (at == std::string::npos) return std::nullopt;
    const std::size_t begin = at + what.size();
    return line.substr(begin, line.find_first_of(",\"", begin) - begin);
  };
  const auto is = [&line](std::string_view tag) { return line.starts_with(tag); };
  bool in_header = true;
  std::uint64_t discontinuity = 0;
  while (std::getline(lines, line)) {
    if (is("#EXT-X-MAP") || line == "#EXT-X-DISCONTINUITY" || is("#EXT-X-PROGRAM")) {
      in_header = false;
    }
    if (!is("#EXT-X-SKIP")) (in_header ? out.header : out.body) += line + "\n";
    if (is("#EXT-X-TARGETDURATION:")) out.target = std::atoi(after(":")->c_str());
    if (is("#EXT-X-PART-INF:")) out.part_target = std::atof(after("PART-TARGET=")->c_str());
    if (is("#EXT-X-MEDIA-SEQUENCE:")) out.first = std::strtoull(after(":")->c_str(), nullptr, 10);
    if (is("#EXT-X-DISCONTINUITY-SEQUENCE:")) {
      discontinuity = out.first_discontinuity = std::strtoull(after(":")->c_str(), nullptr, 10);
    }
    if (is("#EXT-X-SKIP:")) out.skipped = std::strtoull(after("SEGMENTS=")->c_str(), nullptr, 10);
    if (line == "#EXT-X-DISCONTINUITY") ++discontinuity;
    if (is("#EXT-X-MAP:")) map = *after("URI=\"");
    if (is("#EXT-X-PROGRAM-DATE-TIME:")) out.running.date = *after("TIME:");
    if (line == "#EXT-X-GAP") out.running.gap = true;
    if (is("#EXT-X-PART:")) {
      out.running.parts.push_back(*after("URI=\""));
      out.running.part_durations.push_back(std::atof(after("DURATION=")->c_str()));
    }
    if (is("#EXTINF:")) out.running.duration = std::atof(after(":")->c_str());
    if (is("#EXT-X-PRELOAD-HINT:")) out.hint = *after("URI=\"");
    if (line == "#EXT-X-ENDLIST") out.ended = true;
    if (!line.empty() && line.front() != '#') {
      out.running.uri = line;
      out.running.map = map;
      out.running.discontinuity = discontinuity;
      out.segments.push_back(std::exchange(out.running, {}));
    }
  }
  return out;
}

/// The MUSTs of RFC 8216 and draft-pantos-hls-rfc8216bis that can be seen in one playlist after the other.
class PlaylistRules {
 public:
  explicit PlaylistRules(double dvr) : dvr_{dvr} {}

  void see(const std::string& text) {
    const ReadPlaylist now = read_playlist(text);
    check_durations(now);
    check_names(now);
    if (before_) check_change(*before_, now);
    before_ = now;
  }

 private:
  static void must(bool holds, const std::string& rule) {
    if (!holds) throw std::runtime_error{rule};
  }

  static void check_durations(const ReadPlaylist& now) {
    for (const auto& segment : now.segments) {
      must(std::lround(segment.duration) <= now.target, "a duration, rounded, is at most the target duration");
      must(!segment.map.empty(), "a segment has its map");
      check_parts(segment, now);
    }
    check_parts(now.running, now);
    must(now.ended == now.hint.empty(), "the next part is hinted until the end");
  }
  static void check_parts(const ReadPlaylist::Segment& segment, const ReadPlaylist& now) {
    double sum = 0;
    for (const double duration : segment.part_durations) {
      must(duration <= now.part_target, "a part is no longer than the part target");
      sum += duration;
    }
    if (!segment.uri.empty() && !segment.parts.empty()) {
      must(std::abs(sum - segment.duration) < 0.001, "a segment is as long as its parts");
    }
  }

  /// A name means one thing for good.
  void check_names(const ReadPlaylist& now) {
    std::uint64_t number = now.first;
    for (const auto& segment : now.segments) {
      name(segment.uri, number);
      for (const auto& part : segment.parts) name(part, number);
      ++number;
    }
    for (const auto& part : now.running.parts) name(part, number);
  }
  void name(const std::string& uri, std::uint64_t number) {
    must(names_.emplace(uri, number).first->second == number, "a name stands for one segment: " + uri);
  }

  void check_change(const ReadPlaylist& before, const ReadPlaylist& now) const {
    must(now.target == before.target && now.part_target == before.part_target, "targets are constant");
    must(now.first >= before.first, "the media sequence number grows");
    must(now.first_discontinuity >= before.first_discontinuity, "the discontinuity sequence number grows");
    const std::uint64_t removed = now.first - before.first;
    must(now.first + now.segments.size() >= before.first + before.segments.size(), "segments are appended");
    for (std::uint64_t i = removed; i < before.segments.size(); ++i) {
      check_same(before.segments[i], now.segments.at(i - removed));
    }
    double window = 0;
    for (const auto& segment : now.segments) window += segment.duration;
    if (removed > 0) must(window >= 3.0 * now.target && window >= dvr_ - 0.001, "no segment leaves the window early");
    check_parts_stay(before, now);
  }
  static void check_same(const ReadPlaylist::Segment& before, const ReadPlaylist::Segment& now) {
    must(before.uri == now.uri && before.duration == now.duration && before.map == now.map && before.gap == now.gap,
         "a segment stays what it is");
    must(before.date == now.date, "a date stays");
    must(before.discontinuity == now.discontinuity, "discontinuity sequence numbers stay");
  }
  /// Parts are dropped from what ends three target durations before the end, and only whole segments of them.
  static void check_parts_stay(const ReadPlaylist& before, const ReadPlaylist& now) {
    std::map<std::uint64_t, std::vector<std::string>> parts;
    for (std::uint64_t i = 0; i < before.segments.size(); ++i) parts[before.first + i] = before.segments[i].parts;
    parts[before.first + before.segments.size()] = before.running.parts;
    double to_the_end = 0;
    for (const double duration : now.running.part_durations) to_the_end += duration;
    for (std::uint64_t i = now.segments.size(); i > 0; --i) {
      const auto& segment = now.segments[i - 1];
      const auto& had = parts[now.first + i - 1];
      const bool kept = segment.parts.size() >= had.size() && std::equal(had.begin(), had.end(), segment.parts.begin());
      must(kept || (segment.parts.empty() && to_the_end >= 3.0 * now.target), "parts stay for three target durations");
      to_the_end += segment.duration;
    }
  }

  double dvr_;
  std::optional<ReadPlaylist> before_;
  std::map<std::string, std::uint64_t> names_;
};

/// What a player has that knew `before` and is given `delta`.
inline std::string splice(const ReadPlaylist& before, const ReadPlaylist& delta) {
  if (delta.skipped == 0) return delta.header + delta.body;
  // The skipped ones are known by their last URI: it stands in what the player has.
  const std::uint64_t last = delta.first + delta.skipped - 1;
  const std::string& uri = before.segments.at(last - before.first).uri;
  const std::size_t end = before.body.find("\n" + uri + "\n") + uri.size() + 2;
  return delta.header + before.body.substr(0, end) + delta.body;
}

}  // namespace sluice::testing
