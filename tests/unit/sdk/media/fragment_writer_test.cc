#include "sluice/media/fragment_writer.h"

#include <doctest/doctest.h>
#include <malloc.h>

#include <optional>

#include "sluice/media/coders.h"
#include "tests/unit/sdk/media/generated.h"

namespace sluice::media {
namespace {

using namespace testing;
using namespace std::chrono_literals;

constexpr Size kSize{64, 48};

/// Two seconds of a program.
struct Program {
  VideoEncoder video{{.size = kSize, .frames_per_second = 25, .preset = "ultrafast", .low_delay = true, .threads = 1}};
  AudioEncoder sound{{}};
  std::vector<TrackFormat> formats{video.format(), sound.format()};
  std::vector<Packet> pictures = encoded_square(video, kSize, 50);
  std::vector<Packet> sounds = sound.encode(sine(0, 96'000, 440, 0.5));

  Program() {
    std::erase_if(sounds, [](const Packet& packet) { return packet.dts < MediaTime::zero(); });
    for (auto& packet : sounds) packet.track = 1;
  }
};

std::uint32_t u32(const std::vector<std::uint8_t>& bytes, std::size_t at) {
  return std::uint32_t{bytes.at(at)} << 24 | std::uint32_t{bytes.at(at + 1)} << 16 |
         std::uint32_t{bytes.at(at + 2)} << 8 | bytes.at(at + 3);
}

/// The types of the boxes at the top, each with four letters.
std::string boxes_of(const std::vector<std::uint8_t>& bytes) {
  std::string types;
  for (std::size_t at = 0; at < bytes.size(); at += u32(bytes, at))
    types.append(bytes.begin() + at + 4, bytes.begin() + at + 8);
  return types;
}

/// `baseMediaDecodeTime` of each track in the piece, in its ticks (ISO/IEC 14496-12 section 8.8.12).
std::vector<std::uint64_t> decode_times(const std::vector<std::uint8_t>& piece) {
  std::vector<std::uint64_t> times;
  const std::string all{piece.begin(), piece.end()};
  for (auto at = all.find("tfdt"); at != std::string::npos; at = all.find("tfdt", at + 1)) {
    REQUIRE(piece.at(at + 4) == 1);  // the version with 64 bits
    times.push_back(std::uint64_t{u32(piece, at + 8)} << 32 | u32(piece, at + 12));
  }
  return times;
}

std::vector<Packet> read_back(const std::vector<std::uint8_t>& init, const std::vector<std::uint8_t>& pieces) {
  const TemporaryFolder folder;
  const auto path = folder.file("a.mp4");
  write_content(path, std::string{init.begin(), init.end()} + std::string{pieces.begin(), pieces.end()});
  FileReader reader{path};
  REQUIRE(reader.tracks().size() == 2);
  CHECK(reader.tracks()[0].size == kSize);
  return all_packets(reader);
}

void append(std::vector<std::uint8_t>& all, const std::vector<std::uint8_t>& piece) {
  all.insert(all.end(), piece.begin(), piece.end());
}

TEST_CASE("pieces behind their initialisation are what was written, together and each alone") {
  Program program;
  FragmentWriter writer{program.formats};
  CHECK(boxes_of(writer.initialisation()) == "ftypmoov");
  std::vector<std::uint8_t> all;
  std::size_t sound = 0;
  for (std::size_t begin = 0; begin < program.pictures.size(); begin += 10) {
    const auto end = program.pictures[begin].pts + 400ms;
    for (std::size_t i = begin; i < begin + 10; ++i) writer.write(program.pictures[i]);
    const auto first_sound = sound;
    for (; sound < program.sounds.size() && program.sounds[sound].pts < end; ++sound)
      writer.write(program.sounds[sound]);
    const auto piece = writer.cut();
    CHECK(boxes_of(piece).ends_with("moofmdat"));
    append(all, piece);

    const auto alone = read_back(writer.initialisation(), piece);
    CHECK(alone.size() == 10 + sound - first_sound);
    CHECK(std::chrono::abs(alone.front().pts -
                           std::min(program.pictures[begin].pts, program.sounds[first_sound].pts)) <= 30us);
  }
  CHECK(writer.cut().empty());

  std::vector<Packet> pictures;
  std::vector<Packet> sounds;
  for (auto& packet : read_back(writer.initialisation(), all)) {
    (packet.track == 0 ? pictures : sounds).push_back(std::move(packet));
  }
  REQUIRE(pictures.size() == 50);
  REQUIRE(sounds.size() == sound);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    CHECK(std::chrono::abs(pictures[i].pts - program.pictures[i].pts) <= 6us);
    CHECK(pictures[i].key_frame == program.pictures[i].key_frame);
  }
  for (std::size_t i = 0; i < sounds.size(); ++i) {
    CHECK(std::chrono::abs(sounds[i].pts - program.sounds[i].pts) <= 11us);
    CHECK(sounds[i].data == program.sounds[i].data);
  }
}

TEST_CASE("a stream begins where its first packets do, and a piece where its own do") {
  Program program;
  FragmentWriter writer{program.formats};
  auto picture = program.pictures.front();
  auto sound = program.sounds.front();
  // The durations do not add up to where the next begins, and one piece has no sound.
  const MediaTime begins[]{7s, 7s + 250ms, 7s + 1'333ms};
  for (const auto begin : begins) {
    picture.pts = picture.dts = begin;
    picture.duration = 40ms;
    writer.write(picture);
    sound.pts = sound.dts = begin + 10ms;
    const bool has_sound = begin != begins[1];
    if (has_sound) writer.write(sound);
    const auto times = decode_times(writer.cut());
    REQUIRE(times.size() == (has_sound ? 2 : 1));
    CHECK(times[0] == static_cast<std::uint64_t>(begin.count()) * 9 / 100);
    if (has_sound) CHECK(times[1] == static_cast<std::uint64_t>((begin + 10ms).count()) * 48 / 1'000);
  }
}

TEST_CASE("sound alone makes a piece") {
  Program program;
  FragmentWriter writer{program.formats};
  for (std::size_t i = 0; i < 5; ++i) writer.write(program.sounds[i]);
  CHECK(read_back(writer.initialisation(), writer.cut()).size() == 5);
}

TEST_CASE("a writer does not grow with what it has written") {
  Program program;
  FragmentWriter writer{program.formats};
  auto picture = program.pictures.front();
  const auto write_pieces = [&](int from, int to) {
    for (int i = from; i < to; ++i) {
      picture.pts = picture.dts = i * 40ms;
      writer.write(picture);
      (void)writer.cut();
    }
  };
  write_pieces(0, 100);
  const auto before = mallinfo2().uordblks;
  write_pieces(100, 2'000);
  // A word for each piece would be 15 kB.
  CHECK(mallinfo2().uordblks <= before + 8'000);
}

TEST_CASE("what no piece can be made of is refused") {
  Program program;
  CHECK_THROWS_AS(FragmentWriter{{}}, MediaError);
  CHECK_THROWS_AS(FragmentWriter{{TrackFormat{.size = kSize}}}, MediaError);
  FragmentWriter writer{program.formats};
  CHECK_THROWS_AS(writer.write({.track = 2, .data = {0}}), MediaError);
  CHECK_THROWS_AS(writer.write({.data = {0}, .pts = -1ms, .dts = -1ms}), MediaError);
}

TEST_CASE("codecs have the names of RFC 6381") {
  TrackFormat video;
  video.extradata = {0, 0, 0, 1, 0x67, 0x64, 0x00, 0x1f, 0xac, 0, 0, 0, 1, 0x68, 0xee};
  CHECK(codecs_parameter(video) == "avc1.64001f");
  video.extradata = {0, 0, 1, 0x67, 0x64};
  CHECK(!codecs_parameter(video));
  video.extradata = {};
  CHECK(!codecs_parameter(video));
  CHECK(codecs_parameter(AudioEncoder{{}}.format()) == "mp4a.40.2");
  CHECK(!codecs_parameter({.codec = Codec::aac}));
  CHECK(!codecs_parameter({.codec = Codec::vp8}));
}

}  // namespace
}  // namespace sluice::media
