#include "outputs/hls_output.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <mutex>

#include "outputs/hls_files.h"
#include "tests/unit/plugins/livestream/outputs/program.h"

namespace sluice::livestream {
namespace {

using namespace testing;

std::vector<std::uint8_t> bytes(std::string_view text) { return {text.begin(), text.end()}; }

struct Files {
  TemporaryFolder folder;
  std::vector<HlsFile> reports;
  std::string problem;
  HlsFiles files{folder.file("live"), [this](const HlsFile& file) { reports.push_back(file); },
                 [this](const std::string& text) { problem = text; }};
  HlsFiles& begin() {
    files.initialisation(bytes("init"), "avc1.42c00a");
    return files;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& report : reports) names.push_back(report.name);
    return names;
  }
};

TEST_CASE("a segment's bytes are those of its parts, and files are told in the order of players") {
  const TemporaryFolder folder;
  std::vector<HlsFile> reports;
  {
    HlsOutput output{{.folder = folder.file("a/live")}, [&](const HlsFile& file) {
                       reports.push_back(file);
                       struct stat status {};
                       CHECK(::stat(folder.file("a/live/" + file.name).c_str(), &status) == 0);
                       CHECK(status.st_size == file.bytes);
                     }};
    for (const auto& packet : program(make_format(), 0s, 2s)) output.put(packet);
    output.finish();
    CHECK(output.problem().empty());
    CHECK(output.dropped_frames() == 0);
  }
  REQUIRE(reports.size() == 1 + 2 * (5 + 1));
  CHECK(reports[0].kind == HlsFileKind::initialisation);
  CHECK(reports[0].name == "init-0.mp4");
  CHECK(!reports[0].codecs.empty());
  for (std::int64_t segment = 0; segment < 2; ++segment) {
    const auto first = reports.begin() + 1 + segment * 6;
    std::string all;
    std::int64_t duration = 0;
    for (std::int64_t part = 0; part < 5; ++part) {
      const auto& file = first[part];
      CHECK(file.kind == HlsFileKind::part);
      CHECK(file.name == "segment-" + std::to_string(segment) + '.' + std::to_string(part) + ".m4s");
      CHECK(file.part == part);
      CHECK(file.independent == (part == 0));
      CHECK(!file.discontinuity);
      all += folder.content("a/live/" + file.name);
      duration += file.duration_us;
    }
    CHECK(first[5].kind == HlsFileKind::segment);
    CHECK(first[5].sequence == segment);
    CHECK(first[5].duration_us == duration);
    CHECK(folder.content("a/live/" + first[5].name) == all);
  }
  struct stat status {};
  REQUIRE(::stat(folder.file("a/live").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  for (const auto& entry : std::filesystem::directory_iterator{folder.file("a/live")}) {
    CHECK(entry.path().extension() != ".tmp");
  }
}

TEST_CASE("another initialisation is a discontinuity") {
  Files f;
  f.begin().part({.sequence = 0, .part = 0}, bytes("a"));
  f.files.segment_end(0);
  f.begin().part({.sequence = 1, .part = 0}, bytes("b"));
  f.files.segment_end(1);
  f.files.part({.sequence = 2, .part = 0}, bytes("c"));
  CHECK(f.names() == std::vector<std::string>{"init-0.mp4", "segment-0.0.m4s", "segment-0.m4s", "init-1.mp4",
                                              "segment-1.0.m4s", "segment-1.m4s", "segment-2.0.m4s"});
  CHECK(!f.reports[2].discontinuity);
  CHECK(f.reports[4].discontinuity);
  CHECK(f.reports[5].discontinuity);
  CHECK(!f.reports[6].discontinuity);
}

TEST_CASE("what the disk refuses is the end of its segment, and it goes on when the disk does") {
  Files f;
  f.begin().part({.sequence = 0, .part = 0}, bytes("a"));
  const auto in_the_way = f.folder.file("live/segment-0.1.m4s");
  std::filesystem::create_directories(in_the_way + "/x");
  f.files.part({.sequence = 0, .part = 1}, bytes("b"));
  CHECK(!f.problem.empty());
  f.files.part({.sequence = 0, .part = 2}, bytes("c"));
  f.files.segment_end(0);
  CHECK(!f.problem.empty());
  f.files.part({.sequence = 1, .part = 0}, bytes("d"));
  f.files.segment_end(1);
  CHECK(f.problem.empty());
  CHECK(f.names() == std::vector<std::string>{"init-0.mp4", "segment-0.0.m4s", "segment-1.0.m4s", "segment-1.m4s"});
  CHECK(f.reports[2].discontinuity);
  CHECK(!std::filesystem::exists(f.folder.file("live/segment-0.m4s.tmp")));
}

TEST_CASE("an initialisation that could not be written is written before the next segment") {
  Files f;
  std::ofstream{f.folder.file("live")} << "no folder";
  f.begin().part({.sequence = 0, .part = 0}, bytes("a"));
  f.files.segment_end(0);
  CHECK(!f.problem.empty());
  std::filesystem::remove(f.folder.file("live"));
  f.files.part({.sequence = 1, .part = 0}, bytes("b"));
  f.files.segment_end(1);
  CHECK(f.problem.empty());
  CHECK(f.names() == std::vector<std::string>{"init-0.mp4", "segment-1.0.m4s", "segment-1.m4s"});
}

TEST_CASE("a link in the way of a file is not followed, and is told") {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("live"));
  std::filesystem::create_symlink(folder.file("elsewhere"), folder.file("live/init-0.mp4.tmp"));
  HlsOutput output{{.folder = folder.file("live")}, [](const HlsFile& file) { CHECK(file.name == "none"); }};
  for (const auto& packet : program(make_format(), 0s, 1s)) output.put(packet);
  output.finish();
  CHECK(!output.problem().empty());
  CHECK(!std::filesystem::exists(folder.file("elsewhere")));
}

}  // namespace
}  // namespace sluice::livestream
