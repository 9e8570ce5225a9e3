#include "outputs/hls_packager.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "sluice/media/media_file.h"
#include "tests/unit/plugins/livestream/outputs/program.h"

namespace sluice::livestream {
namespace {

using namespace testing;

constexpr auto kPart = 250ms;

struct Made {
  std::vector<std::string> initialisations;
  std::vector<std::string> codecs;
  std::vector<HlsPart> parts;
  std::vector<std::string> bytes;     // of each part
  std::vector<std::size_t> segments;  // parts of each
};

class Collector final : public HlsSink {
 public:
  explicit Collector(Made& made) : made_{made} {}
  void initialisation(Bytes bytes, const std::string& codecs) override {
    made_.initialisations.emplace_back(bytes.begin(), bytes.end());
    made_.codecs.push_back(codecs);
    parts_ = 0;
  }
  void part(const HlsPart& part, Bytes bytes) override {
    CHECK(part.part == static_cast<std::int64_t>(parts_++));
    made_.parts.push_back(part);
    made_.bytes.emplace_back(bytes.begin(), bytes.end());
  }
  void segment_end(std::int64_t sequence) override {
    CHECK(sequence == made_.parts.back().sequence);
    made_.segments.push_back(std::exchange(parts_, 0));
  }

 private:
  Made& made_;
  std::size_t parts_ = 0;
};

struct Packager {
  Made made;
  Collector collector{made};
  HlsPackager packager{kPart, collector};
  void put(const std::vector<ProgramPacketPtr>& packets) {
    for (const auto& packet : packets) packager.put(packet);
  }
};

std::vector<media::Packet> read_back(const std::string& bytes) {
  const TemporaryFolder folder;
  std::ofstream{folder.file("a.mp4"), std::ios::binary} << bytes;
  media::FileReader reader{folder.file("a.mp4")};
  std::vector<media::Packet> packets;
  while (auto packet = reader.next()) packets.push_back(std::move(*packet));
  return packets;
}

void check_lengths(const Made& made) {
  for (std::size_t i = 0; i < made.parts.size(); ++i) {
    CAPTURE(i);
    CHECK(made.parts[i].duration <= kPart);
    const bool is_last = i + 1 == made.parts.size() || made.parts[i + 1].part == 0;
    if (!is_last) CHECK(made.parts[i].duration * 100 >= kPart * 85);
  }
}

TEST_CASE("parts end with a picture, none is too long, and segments begin where the program says so") {
  Packager p;
  p.put(program(make_format(), 0s, 3s));
  p.packager.finish();
  const auto& made = p.made;
  CHECK(made.initialisations.size() == 1);
  CHECK(made.codecs[0].starts_with("avc1."));
  CHECK(made.codecs[0].ends_with(",mp4a.40.2"));
  CHECK(made.segments == std::vector<std::size_t>{5, 5, 5});
  check_lengths(made);
  MediaTime whole{};
  for (std::size_t i = 0; i < made.parts.size(); ++i) {
    CHECK(made.parts[i].sequence == static_cast<std::int64_t>(i / 5));
    CHECK(made.parts[i].independent == (i % 5 == 0));
    whole += made.parts[i].duration;
    if (i % 5 == 4 && i < 14) CHECK(whole == (static_cast<std::int64_t>(i) / 5 + 1) * 1s);
  }
}

TEST_CASE("parts behind their initialisation are the program, each of them of both tracks over the same time") {
  Packager p;
  const auto packets = program(make_format(), 2s, 5s);
  p.put(packets);
  p.packager.finish();
  std::string all = p.made.initialisations.at(0);
  MediaTime begin = 2s;
  for (std::size_t i = 0; i < p.made.parts.size(); ++i) {
    CAPTURE(i);
    all += p.made.bytes[i];
    const auto end = begin + p.made.parts[i].duration;
    std::array<int, 2> count{};
    for (const auto& packet : read_back(p.made.initialisations[0] + p.made.bytes[i])) {
      ++count.at(packet.track);
      CHECK(packet.pts >= begin - 50us);
      CHECK(packet.pts < end);
    }
    CHECK(count[0] > 0);
    CHECK(count[1] > 0);
    begin = end;
  }
  const auto read = read_back(all);
  CHECK(read.size() == packets.size());
  CHECK(std::chrono::abs(read.front().pts - 2s) <= 11us);
}

TEST_CASE("a part is made as soon as both tracks have come to its end") {
  Packager p;
  const auto format = make_format();
  for (int i = 0; i < 10; ++i) {
    p.packager.put(picture(format, time_of_picture(i), i == 0 ? Picture::segment_start : Picture::dependent));
  }
  CHECK(p.made.parts.empty());  // 233 ms of sound are missing
  for (int i = 0; i < 11; ++i) p.packager.put(sound(format, time_of_sound(i)));
  CHECK(p.made.parts.empty());
  p.packager.put(sound(format, time_of_sound(11)));
  CHECK(p.made.parts.size() == 1);
  CHECK(p.made.parts[0].duration == time_of_picture(7));
}

TEST_CASE("sound that does not come is not waited for without end") {
  Packager p;
  const auto format = make_format();
  for (int i = 0; i < 60; ++i) {
    p.packager.put(picture(format, time_of_picture(i), i % 30 == 0 ? Picture::segment_start : Picture::dependent));
  }
  CHECK(p.made.parts.size() == 4);
  check_lengths(p.made);
}

TEST_CASE("a picture that stays is followed by parts of sound alone") {
  Packager p;
  const auto format = make_format();
  p.packager.put(picture(format, 0s, Picture::segment_start));
  for (int i = 0; i < 96; ++i) p.packager.put(sound(format, time_of_sound(i)));
  REQUIRE(p.made.parts.size() >= 3);
  p.packager.put(picture(format, 2'100ms, Picture::segment_start));
  p.packager.finish();
  check_lengths(p.made);
  CHECK(p.made.parts[0].independent);
  CHECK(!p.made.parts[1].independent);
  MediaTime first{};
  for (const auto& part : p.made.parts) first += part.sequence == 0 ? part.duration : 0s;
  CHECK(first == 2'100ms);
  CHECK(p.made.segments.size() == 2);
}

TEST_CASE("another format ends the segment and has an initialisation of its own") {
  Packager p;
  const auto other = make_format(96);
  p.put(program(make_format(), 0s, 1'500ms));
  p.packager.put(sound(other, 1'490ms));
  p.packager.put(picture(other, 1'500ms, Picture::key_frame));
  p.put(program(other, 1'510ms, 2'500ms));
  p.packager.finish();
  CHECK(p.made.initialisations.size() == 2);
  CHECK(p.made.segments.size() == 4);
  check_lengths(p.made);
  const auto first_of_other = std::ranges::find(p.made.parts, 2, &HlsPart::sequence);
  REQUIRE(first_of_other != p.made.parts.end());
  CHECK(first_of_other->independent);
  const auto at = static_cast<std::size_t>(first_of_other - p.made.parts.begin());
  const auto read = read_back(p.made.initialisations[1] + p.made.bytes[at]);
  REQUIRE(!read.empty());
  CHECK(std::chrono::abs(read.front().pts - 1'500ms) <= 11us);
}

TEST_CASE("what is broken off goes on with the next key frame under another number") {
  Packager p;
  const auto format = make_format();
  p.put(program(format, 0s, 700ms));
  REQUIRE(!p.made.parts.empty());
  p.packager.restart();
  p.put(program(format, 700ms, 2'500ms));
  p.packager.finish();
  CHECK(p.made.initialisations.size() == 2);
  CHECK(p.made.parts.back().sequence == 2);
}

TEST_CASE("times that do not grow, are negative or of no track, and a program without a key frame, are left out") {
  Packager p;
  const auto format = make_format();
  p.packager.put(picture(format, 0s, Picture::dependent));
  p.packager.put(sound(format, 0s));
  CHECK(p.made.initialisations.empty());
  p.packager.put(picture(format, 10ms, Picture::segment_start));
  p.packager.put(picture(format, 10ms, Picture::dependent));
  p.packager.put(picture(format, -10ms, Picture::dependent));
  p.packager.put(picture(format, 5ms, Picture::dependent));
  p.packager.finish();
  p.packager.finish();
  REQUIRE(p.made.bytes.size() == 1);
  CHECK(read_back(p.made.initialisations[0] + p.made.bytes[0]).size() == 1);
}

}  // namespace
}  // namespace sluice::livestream
