#include "tests/unit/plugins/livestream/hls/playlist_rules.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "plugins/livestream/hls/playlist.h"
#include "tests/unit/plugins/livestream/hls/hls_files.h"

namespace sluice::testing {

namespace {

using namespace livestream;
using namespace std::chrono_literals;

/// A job as it may be: parts of any length, segments that are never finished, formats that change, deaths.
class Job {
 public:
  explicit Job(std::uint32_t seed) : chance_{seed} {}

  HlsFile next() {
    if (!format_told_ || one_in(40)) {
      format_told_ = true;
      return named(initialisation(generation_++));
    }
    if (parts_ > 0 && (duration_ms_ > 1'150 || one_in(5))) return end_segment();
    if (parts_ > 0 && one_in(50)) begin_segment(1 + below(2));  // never finished; perhaps a number left out
    const auto duration = 20 + below(231);
    HlsFile file = part(sequence_, parts_++, duration);
    duration_ms_ += duration;
    file.discontinuity = one_in(30);
    return named(file);
  }
  bool dies() { return one_in(60); }
  std::string restart() {
    prefix_ = std::to_string(++run_) + "-";
    sequence_ = parts_ = duration_ms_ = generation_ = 0;
    format_told_ = false;
    return prefix_;
  }

 private:
  HlsFile end_segment() {
    const HlsFile file = segment(sequence_, duration_ms_);
    begin_segment(1);
    return named(file);
  }
  void begin_segment(std::int64_t numbers) {
    sequence_ += numbers;
    parts_ = duration_ms_ = 0;
  }
  HlsFile named(HlsFile file) {
    file.name = prefix_ + file.name;
    return file;
  }
  std::int64_t below(std::uint32_t end) { return static_cast<std::int64_t>(chance_() % end); }
  bool one_in(std::uint32_t times) { return below(times) == 0; }

  std::mt19937 chance_;
  std::string prefix_;
  int run_ = 0;
  int generation_ = 0;
  bool format_told_ = false;
  std::int64_t sequence_ = 0;
  std::int64_t parts_ = 0;
  std::int64_t duration_ms_ = 0;
};

}  // namespace

TEST_CASE("whatever the job does, no playlist breaks a rule that the one before it has made") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Job job{seed};
    Playlist playlist{{.dvr = 20s}};
    PlaylistRules rules{20};
    std::set<std::string> listed;
    std::set<std::string> gone;
    WallTime now{std::chrono::milliseconds{kNoon}};
    for (int step = 0; step < 1'500; ++step) {
      CAPTURE(step);
      now += std::chrono::milliseconds{seed % 3 == 0 ? step % 500 - 200 : 100};  // a calendar that jumps
      if (job.dies()) playlist.begin_run(job.restart());
      const HlsFile file = job.next();
      REQUIRE(playlist.add(file, now));
      listed.insert(file.name);
      REQUIRE_NOTHROW(rules.see(playlist.text()));
      for (const std::string& name : playlist.take_removed()) {
        REQUIRE_MESSAGE(gone.insert(name).second, name);
        REQUIRE_MESSAGE(playlist.text().find("\"" + name + "\"") == std::string::npos, name);
        REQUIRE_MESSAGE(playlist.text().find("\n" + name + "\n") == std::string::npos, name);
      }
    }
    playlist.end();
    REQUIRE_NOTHROW(rules.see(playlist.text()));
    for (const std::string& name : playlist.take_removed()) gone.insert(name);
    // What is neither listed nor removed would lie on the disk for ever; but for a format that nothing came after.
    const std::string text = playlist.text();
    std::size_t forgotten = 0;
    for (const std::string& name : listed) {
      if (!gone.contains(name) && text.find(name) == std::string::npos) ++forgotten;
    }
    CHECK(forgotten <= 1);
  }
}

TEST_CASE("a delta update and the playlist that a player has make up the whole playlist") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Job job{seed};
    Playlist playlist{{.dvr = 20s}};
    std::optional<ReadPlaylist> before;
    std::size_t deltas = 0;
    for (int step = 0; step < 800; ++step) {
      CAPTURE(step);
      if (job.dies()) playlist.begin_run(job.restart());
      REQUIRE(playlist.add(job.next(), WallTime{std::chrono::milliseconds{kNoon + step * 100}}));
      const ReadPlaylist whole = read_playlist(playlist.text());
      const ReadPlaylist delta = read_playlist(playlist.delta());
      REQUIRE(delta.skipped + delta.segments.size() == whole.segments.size());
      // A part later the player has all that is skipped: it lies six target durations back.
      if (before && before->first == whole.first) REQUIRE(splice(*before, delta) == playlist.text());
      double kept = 0;
      for (const auto& segment : delta.segments) kept += segment.duration;
      if (delta.skipped > 0) REQUIRE(kept >= 6.0 * delta.target);
      if (delta.skipped > 0) ++deltas;
      before = whole;
    }
    CHECK(deltas > 100);
  }
}

TEST_CASE("the rules can be broken") {
  const std::string good =
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-PART-INF:PART-TARGET=0.25\n#EXT-X-MEDIA-SEQUENCE:4\n"
      "#EXT-X-DISCONTINUITY-SEQUENCE:0\n#EXT-X-MAP:URI=\"i\"\n#EXT-X-PART:DURATION=0.25,URI=\"a.0\"\n"
      "#EXT-X-PART:DURATION=0.25,URI=\"a.1\"\n#EXTINF:0.5,\na\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"b.0\"\n";
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  PlaylistRules rules{20};
  CHECK_NOTHROW(rules.see(good));
  for (const auto& bad :
       {with("#EXTINF:0.5", "#EXTINF:1.5"), with("DURATION=0.25,URI=\"a.0\"", "DURATION=0.3,URI=\"a.0\""),
        with("SEQUENCE:4", "SEQUENCE:3"), with("#EXTINF:0.5,\na", "#EXTINF:0.5,\nb"),
        with("TARGETDURATION:1", "TARGETDURATION:2"), with("SEQUENCE:0", "SEQUENCE:1"),
        with("#EXT-X-PART:DURATION=0.25,URI=\"a.0\"\n#EXT-X-PART:DURATION=0.25,URI=\"a.1\"\n", ""),
        with("#EXT-X-MAP:URI=\"i\"\n", "")}) {
    PlaylistRules copy = rules;
    CHECK_THROWS_AS(copy.see(bad), std::runtime_error);
  }
}

}  // namespace sluice::testing
