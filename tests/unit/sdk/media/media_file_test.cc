#include "sluice/media/media_file.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "tests/unit/sdk/media/generated.h"

namespace sluice::media {
namespace {

using namespace testing;
using namespace std::chrono_literals;

constexpr Size kSize{64, 48};

Packet opus_packet(int number) {
  // Code 0 of a CELT frame of 20 ms, then whatever.
  return {.data = {0xfc, 0xff, 0xfe, static_cast<std::uint8_t>(number)},
          .pts = number * 20ms,
          .dts = number * 20ms,
          .duration = 20ms,
          .key_frame = true};
}

FileOptions opus_file(Container container = Container::matroska) {
  return {.container = container, .tracks = {*format_of(Codec::opus, {})}};
}

/// What is read is what was written, times as near as the container has them.
void check_same(const std::vector<Packet>& read, const std::vector<Packet>& written, MediaTime precision) {
  REQUIRE(read.size() == written.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    CAPTURE(i);
    CHECK(std::chrono::abs(read[i].pts - written[i].pts) <= precision);
    CHECK(read[i].key_frame == written[i].key_frame);
  }
}

TEST_CASE("a file that is flushed can be read, and goes on") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.mkv");
  FileWriter writer{path, opus_file()};
  for (int i = 0; i < 5; ++i) writer.write(opus_packet(i));
  writer.flush();
  {
    FileReader reader{path};
    const auto packets = all_packets(reader);
    REQUIRE(packets.size() == 5);
    CHECK(packets[4].data == opus_packet(4).data);
    CHECK(!reader.duration().has_value());
  }
  for (int i = 5; i < 8; ++i) writer.write(opus_packet(i));
  writer.finish();
  FileReader reader{path};
  CHECK(all_packets(reader).size() == 8);
  CHECK(writer.bytes() == std::filesystem::file_size(path));
}

TEST_CASE("what was flushed outlives a process that is killed") {
  const TemporaryFolder folder;
  for (const auto container : {Container::matroska, Container::fragmented_mp4}) {
    const auto path = folder.file("killed");
    const auto child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      FileWriter writer{path, opus_file(container)};
      for (int i = 0; i < 50; ++i) writer.write(opus_packet(i));
      writer.flush();
      for (int i = 50; i < 55; ++i) writer.write(opus_packet(i));
      kill(getpid(), SIGKILL);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    FileReader reader{path};
    const auto packets = all_packets(reader);
    REQUIRE(packets.size() >= 50);
    for (int i = 0; i < 50; ++i) CHECK(packets[static_cast<std::size_t>(i)].data == opus_packet(i).data);
  }
}

TEST_CASE("a file that ends anywhere is read as far as it goes, and never further") {
  const TemporaryFolder folder;
  const auto path = folder.file("whole.mkv");
  FileWriter writer{path, opus_file()};
  for (int i = 0; i < 120; ++i) writer.write(opus_packet(i));
  writer.flush();
  const auto whole = content_of(path);
  std::size_t before = 0;
  for (std::size_t length = 0; length < whole.size(); length += 37) {
    const auto cut = folder.file("cut.mkv");
    write_content(cut, whole.substr(0, length));
    std::vector<Packet> packets;
    try {
      FileReader reader{cut};
      packets = all_packets(reader);
    } catch (const MediaError&) {
      CHECK(length < 1'000);  // not even the header
    }
    CHECK(packets.size() >= before);
    for (std::size_t i = 0; i < packets.size(); ++i) {
      CHECK(packets[i].data == opus_packet(static_cast<int>(i)).data);
    }
    before = packets.size();
  }
  CHECK(before >= 110);
}

TEST_CASE("a full disk is told by the write or the flush that met it, and what was flushed stays") {
  const TemporaryFolder folder;
  const auto path = folder.file("full.mkv");
  const auto old_handler = signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &old_limit) == 0);
  std::size_t flushed = 0;
  std::size_t written = 0;
  bool is_full = false;
  {
    FileWriter writer{path, opus_file()};
    const rlimit limit{20'000, old_limit.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    try {
      for (int i = 0; i < 10'000; ++i) {
        writer.write(opus_packet(i));
        ++written;
        if (written % 50 != 0) continue;
        writer.flush();
        flushed = written;
      }
    } catch (const MediaError& error) {
      is_full = error.is_disk_full();
      CHECK_THROWS_AS(writer.write(opus_packet(0)), MediaError);
      CHECK_THROWS_AS(writer.finish(), MediaError);
    }
  }
  setrlimit(RLIMIT_FSIZE, &old_limit);
  signal(SIGXFSZ, old_handler);
  CHECK(is_full);
  CHECK(flushed > 100);
  FileReader reader{path};
  CHECK(all_packets(reader).size() >= flushed);
}

TEST_CASE("a device without room refuses the header") {
  try {
    FileWriter writer{"/dev/full", opus_file()};
    FAIL("it was written");
  } catch (const MediaError& error) {
    CHECK(error.is_disk_full());
    CHECK(std::string{error.what()}.starts_with("/dev/full: "));
  }
}

TEST_CASE("files are for their owner alone") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.mkv");
  const FileWriter writer{path, opus_file()};
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("times are rounded each by itself and do not drift") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.mkv");
  FileWriter writer{path, {.container = Container::matroska, .tracks = {{.codec = Codec::vp8, .size = kSize}}}};
  constexpr int kFrames = 18'000;  // ten minutes of 30 a second
  for (int i = 0; i < kFrames; ++i) {
    const auto pts = MediaTime{std::int64_t{i} * 1'000'000 / 30};
    writer.write({.data = {1, 2, 3}, .pts = pts, .dts = pts, .key_frame = i == 0});
  }
  writer.finish();
  FileReader reader{path};
  const auto packets = all_packets(reader);
  REQUIRE(packets.size() == kFrames);
  MediaTime worst{};
  for (int i = 0; i < kFrames; ++i) {
    const auto pts = MediaTime{std::int64_t{i} * 1'000'000 / 30};
    worst = std::max(worst, std::chrono::abs(packets[static_cast<std::size_t>(i)].pts - pts));
  }
  CHECK(worst <= 500us);
}

TEST_CASE("H264 goes through each container and comes back in Annex B's form") {
  const TemporaryFolder folder;
  VideoEncoder encoder{{.size = kSize, .frames_per_second = 25, .preset = "medium", .threads = 1}};
  const auto written = encoded_square(encoder, kSize, 30);
  REQUIRE(written.size() == 30);
  REQUIRE(std::ranges::any_of(written, [](const Packet& p) { return p.dts < p.pts; }));  // it has B-frames

  for (const auto container : {Container::matroska, Container::mp4, Container::fragmented_mp4}) {
    CAPTURE(static_cast<int>(container));
    const auto path = folder.file("video");
    FileWriter writer{path, {.container = container, .tracks = {encoder.format()}}};
    for (const auto& packet : written) writer.write(packet);
    writer.finish();

    FileReader reader{path};
    REQUIRE(reader.tracks().size() == 1);
    CHECK(reader.tracks()[0].codec == Codec::h264);
    CHECK(reader.tracks()[0].size == kSize);
    CHECK(std::vector(reader.tracks()[0].extradata.begin(), reader.tracks()[0].extradata.begin() + 4) ==
          std::vector<std::uint8_t>{0, 0, 0, 1});
    const auto read = all_packets(reader);
    check_same(read, written, 500us);
    for (const auto& packet : read) {
      CHECK(std::equal(packet.data.begin(), packet.data.begin() + 4, std::vector<std::uint8_t>{0, 0, 0, 1}.begin()));
    }
    VideoDecoder decoder{reader.tracks()[0]};
    std::vector<VideoFrame> frames;
    for (const auto& packet : read) std::ranges::move(decoder.decode(packet), std::back_inserter(frames));
    std::ranges::move(decoder.finish(), std::back_inserter(frames));
    CHECK(frames.size() == 30);
    CHECK(decoder.errors() == 0);
  }
}

TEST_CASE("VP8, VP9 and AV1 go through the containers that have them, with what is known from a key frame") {
  struct Way {
    std::string encoder;
    std::vector<Container> containers;
  };
  const TemporaryFolder folder;
  for (const auto& [name, containers] :
       {Way{"libvpx", {Container::matroska, Container::webm}},
        Way{"libvpx-vp9", {Container::matroska, Container::webm, Container::mp4, Container::fragmented_mp4}},
        Way{"libaom-av1", {Container::matroska, Container::webm, Container::mp4, Container::fragmented_mp4}}}) {
    VideoEncoder encoder{{.encoder = name, .size = kSize, .frames_per_second = 25, .low_delay = true, .threads = 1}};
    const auto written = encoded_square(encoder, kSize, 5);
    const auto format = format_of(encoder.format().codec, written.at(0).data);
    REQUIRE(format.has_value());
    for (const auto container : containers) {
      CAPTURE(name);
      CAPTURE(static_cast<int>(container));
      const auto path = folder.file("video");
      FileWriter writer{path, {.container = container, .tracks = {*format}}};
      for (const auto& packet : written) writer.write(packet);
      writer.finish();
      FileReader reader{path};
      CHECK(reader.tracks().at(0).codec == format->codec);
      CHECK(reader.tracks().at(0).size == kSize);
      VideoDecoder decoder{reader.tracks().at(0)};
      std::size_t decoded = 0;
      for (const auto& packet : all_packets(reader)) decoded += decoder.decode(packet).size();
      CHECK(decoded + decoder.finish().size() == 5);
      CHECK(decoder.errors() == 0);
    }
  }
}

TEST_CASE("H264 whose parameter sets change in the middle can be decoded from Matroska") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.mkv");
  constexpr Size kLarger{96, 64};
  const auto in_band = [](Size size) {
    VideoEncoder encoder{{.size = size, .frames_per_second = 25, .low_delay = true, .threads = 1}};
    auto packets = encoded_square(encoder, size, 3);
    const auto& sets = encoder.format().extradata;
    packets.at(0).data.insert(packets.at(0).data.begin(), sets.begin(), sets.end());
    return packets;
  };
  auto packets = in_band(kSize);
  for (auto& packet : in_band(kLarger)) {
    packet.pts += 1s;
    packet.dts += 1s;
    packets.push_back(std::move(packet));
  }
  FileWriter writer{path, {.tracks = {format_of(Codec::h264, packets[0].data).value()}}};
  for (const auto& packet : packets) writer.write(packet);
  writer.finish();

  FileReader reader{path};
  VideoDecoder decoder{reader.tracks().at(0)};
  std::vector<Size> sizes;
  for (const auto& packet : all_packets(reader)) {
    for (const auto& frame : decoder.decode(packet)) sizes.push_back(frame.size());
  }
  for (const auto& frame : decoder.finish()) sizes.push_back(frame.size());
  CHECK(sizes == std::vector<Size>{kSize, kSize, kSize, kLarger, kLarger, kLarger});
  CHECK(decoder.errors() == 0);
}

TEST_CASE("tracks are interleaved, and all of them are there after a flush") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.mkv");
  FileWriter writer{path, {.tracks = {{.codec = Codec::vp8, .size = kSize}, *format_of(Codec::opus, {})}}};
  for (int i = 0; i < 10; ++i) {
    writer.write({.data = {1, 2, 3}, .pts = i * 40ms, .dts = i * 40ms, .key_frame = true});
  }
  for (int i = 0; i < 20; ++i) {
    auto packet = opus_packet(i);
    packet.track = 1;
    writer.write(packet);
  }
  writer.flush();
  FileReader reader{path};
  const auto packets = all_packets(reader);
  CHECK(std::ranges::count(packets, std::size_t{0}, &Packet::track) == 10);
  CHECK(std::ranges::count(packets, std::size_t{1}, &Packet::track) == 20);
  CHECK(std::ranges::is_sorted(packets, {}, &Packet::pts));
}

TEST_CASE("an MP4 has its index in front, its metadata and its chapters") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.mp4");
  VideoEncoder encoder{{.size = kSize, .frames_per_second = 25, .threads = 1}};
  AudioEncoder sound{{}};
  FileWriter writer{path,
                    {.container = Container::mp4,
                     .tracks = {encoder.format(), sound.format()},
                     .metadata = {{"title", "The weekly meeting"}},
                     .chapters = {{0s, 400ms, "Ada speaks"}, {400ms, 1s, "Blaise speaks"}}}};
  for (const auto& packet : encoded_square(encoder, kSize, 25)) writer.write(packet);
  auto packets = sound.encode(sine(0, 48'000, 440, 0.5));
  std::ranges::move(sound.finish(), std::back_inserter(packets));
  for (auto& packet : packets) {
    packet.track = 1;
    writer.write(packet);
  }
  writer.finish();

  const auto content = content_of(path);
  CHECK(content.find("moov") < content.find("mdat"));
  CHECK(content.find("The weekly meeting") != std::string::npos);
  CHECK(content.find("Blaise speaks") != std::string::npos);
  FileReader reader{path};
  REQUIRE(reader.tracks().size() == 2);
  CHECK(reader.tracks()[1].codec == Codec::aac);
  REQUIRE(reader.duration().has_value());
  CHECK(std::chrono::abs(*reader.duration() - 1s) < 25ms);
  CHECK(std::ranges::count(all_packets(reader), std::size_t{0}, &Packet::track) == 25);
}

TEST_CASE("a container refuses codecs that it does not have") {
  const TemporaryFolder folder;
  const FileOptions vp8_in_mp4{.container = Container::mp4, .tracks = {{.codec = Codec::vp8, .size = kSize}}};
  CHECK_THROWS_AS((FileWriter{folder.file("a.mp4"), vp8_in_mp4}), MediaError);
  const FileOptions nothing{.container = Container::matroska, .tracks = {}};
  CHECK_THROWS_AS((FileWriter{folder.file("a.mkv"), nothing}), MediaError);
}

TEST_CASE("what is no media file, or names others, is not read") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(FileReader{folder.file("missing.mkv")}, MediaError);
  write_content(folder.file("a.mkv"), "This is no media file.");
  CHECK_THROWS_AS(FileReader{folder.file("a.mkv")}, MediaError);
  const auto media = folder.file("real.mkv");
  {
    FileWriter writer{media, opus_file()};
    writer.write(opus_packet(0));
    writer.finish();
  }
  write_content(folder.file("list.m3u8"), "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nreal.mkv\n#EXT-X-ENDLIST\n");
  CHECK_THROWS_AS(FileReader{folder.file("list.m3u8")}, MediaError);
}

}  // namespace
}  // namespace sluice::media
