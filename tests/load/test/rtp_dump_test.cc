#include "tests/load/rtp_dump.h"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>

#include "core/media/rtp/rtp_writer.h"
#include "tests/load/recording.h"
#include "tests/load/stream_shape.h"

using namespace std::chrono_literals;

namespace sluice::load {
namespace {

struct Written {
  std::uint32_t ssrc;
  std::uint16_t sequence;
  std::uint32_t timestamp;
  std::size_t payload = 100;
  bool marker = false;
};

std::vector<std::uint8_t> packet(const Written& what) {
  std::array<std::uint8_t, 1500> buffer{};
  const std::vector<std::uint8_t> payload(what.payload, static_cast<std::uint8_t>(what.sequence));
  const auto size = write_rtp(buffer,
                              {.marker = what.marker,
                               .payload_type = PayloadType{96},
                               .sequence = RtpSequence{what.sequence},
                               .timestamp = RtpTimestamp{what.timestamp},
                               .ssrc = Ssrc{what.ssrc}},
                              {}, payload);
  return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size.value())};
}

std::vector<std::uint8_t> two_packets() {
  std::vector<std::uint8_t> file = rtp_dump_head();
  append_to_rtp_dump(file, packet({.ssrc = 1, .sequence = 1, .timestamp = 0}), 0ms);
  append_to_rtp_dump(file, packet({.ssrc = 1, .sequence = 2, .timestamp = 3000}), 33ms);
  return file;
}

}  // namespace

TEST_CASE("what was written is read back") {
  const auto read = read_rtp_dump(two_packets());
  REQUIRE(read);
  REQUIRE(read->size() == 2);
  CHECK((*read)[1].offset == 33ms);
  CHECK((*read)[1].bytes == packet({.ssrc = 1, .sequence = 2, .timestamp = 3000}));
}

TEST_CASE("RTCP and packets that were cut off are left out") {
  std::vector<std::uint8_t> file = two_packets();
  const std::array<std::uint8_t, 12> rtcp{0, 12, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
  const std::array<std::uint8_t, 12> cut{0, 12, 0, 200, 0, 0, 0, 0, 1, 2, 3, 4};
  file.insert(file.end(), rtcp.begin(), rtcp.end());
  file.insert(file.end(), cut.begin(), cut.end());
  CHECK(read_rtp_dump(file).value().size() == 2);
}

TEST_CASE("a file cut anywhere is no crash, and never more packets") {
  const std::vector<std::uint8_t> file = two_packets();
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto read = read_rtp_dump(Bytes{file}.first(size));
    if (read) CHECK(read->size() < 2);
  }
}

TEST_CASE("what is wrong with a file is told") {
  const std::vector<std::uint8_t> pcap{0xd4, 0xc3, 0xb2, 0xa1, '\n'};
  CHECK(read_rtp_dump(pcap).error() == DumpError::not_a_dump);
  CHECK(read_rtp_dump({}).error() == DumpError::not_a_dump);
  std::vector<std::uint8_t> file = rtp_dump_head();
  file.insert(file.end(), {0, 7, 0, 0, 0, 0, 0, 0});
  CHECK(read_rtp_dump(file).error() == DumpError::bad_length);
}

TEST_CASE("a recording is the largest stream, in order, by frames, around the wrap of its numbers") {
  std::vector<DumpedPacket> packets;
  const auto add = [&](const Written& what) { packets.push_back({0ms, packet(what)}); };
  add({.ssrc = 9, .sequence = 1, .timestamp = 0, .payload = 60});
  add({.ssrc = 7, .sequence = 65'535, .timestamp = 0xffff'ff00, .payload = 1000});
  add({.ssrc = 7, .sequence = 1, .timestamp = 0xffff'ff00 + 3000, .payload = 20, .marker = true});
  add({.ssrc = 7, .sequence = 0, .timestamp = 0xffff'ff00, .payload = 900, .marker = true});

  const Recording recording = make_recording(packets, 90'000);
  REQUIRE(recording.frames.size() == 2);
  REQUIRE(recording.frames[0].packets.size() == 2);
  CHECK(recording.frames[0].packets[1].payload.size() == 900);
  CHECK(recording.frames[0].packets[1].marker);
  CHECK(recording.frames[1].packets[0].payload.size() == kMinPayload);
  CHECK(recording.frames[0].until_next / 1ms == 33);
  CHECK(recording.packet_count() == 3);
  CHECK(recording.length() / 1ms == 66);
}

TEST_CASE("a recording of nothing is refused") {
  CHECK_THROWS_AS(static_cast<void>(make_recording({}, 90'000)), std::runtime_error);
  CHECK_THROWS_AS(static_cast<void>(load_recording("/nonexistent", 90'000)), std::runtime_error);
}

}  // namespace sluice::load
