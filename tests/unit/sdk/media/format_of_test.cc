#include <doctest/doctest.h>

#include <string>

#include "sdk/media/src/annex_b.h"
#include "sluice/media/media_file.h"
#include "tests/unit/sdk/media/generated.h"

namespace sluice::media {
namespace {

using namespace testing;

/// A key frame, as a sender in a meeting would send it: with what a decoder must know in it.
std::vector<std::uint8_t> key_frame(const std::string& encoder_name, Size size) {
  VideoEncoder encoder{
      {.encoder = encoder_name, .size = size, .frames_per_second = 25, .low_delay = true, .threads = 1}};
  const auto packets = encoded_square(encoder, size, 1);
  if (packets.empty()) return {};
  auto frame = encoder.format().codec == Codec::h264 ? encoder.format().extradata : std::vector<std::uint8_t>{};
  frame.insert(frame.end(), packets[0].data.begin(), packets[0].data.end());
  return frame;
}

TEST_CASE("a key frame tells its format") {
  const Size size{62, 46};  // no whole macroblocks
  for (const auto& [codec, encoder] :
       {std::pair{Codec::h264, "libx264"}, {Codec::vp8, "libvpx"}, {Codec::vp9, "libvpx-vp9"}}) {
    CAPTURE(encoder);
    const auto format = format_of(codec, key_frame(encoder, size));
    REQUIRE(format.has_value());
    CHECK(format->codec == codec);
    CHECK(format->size == size);
  }
}

TEST_CASE("H264's parameter sets become extradata") {
  const auto frame = key_frame("libx264", {64, 48});
  const auto format = format_of(Codec::h264, frame);
  REQUIRE(format.has_value());
  const auto units = nal_units(format->extradata);
  REQUIRE(units.size() == 2);
  CHECK(is_nal(units[0], NalType::sps));
  CHECK(is_nal(units[1], NalType::pps));
}

// A temporal unit of 64x48 by libaom: sequence header OBU, then a frame OBU.
TEST_CASE("AV1's sequence header becomes extradata") {
  VideoEncoder encoder{
      {.encoder = "libaom-av1", .size = {64, 48}, .frames_per_second = 25, .low_delay = true, .threads = 1}};
  const auto packets = encoded_square(encoder, {64, 48}, 1);
  REQUIRE(!packets.empty());
  const auto format = format_of(Codec::av1, packets[0].data);
  REQUIRE(format.has_value());
  CHECK(format->size == Size{64, 48});
  REQUIRE(!format->extradata.empty());
  CHECK((format->extradata[0] >> 3 & 0xf) == 1);  // OBU_SEQUENCE_HEADER
}

TEST_CASE("of Opus nothing need be known") {
  const auto format = format_of(Codec::opus, {});
  REQUIRE(format.has_value());
  CHECK(format->channels == 2);
  CHECK(std::string(format->extradata.begin(), format->extradata.begin() + 8) == "OpusHead");
}

TEST_CASE("what is no key frame has no format") {
  for (const auto codec : {Codec::h264, Codec::vp8, Codec::vp9, Codec::av1, Codec::aac}) {
    CHECK(!format_of(codec, {}).has_value());
    CHECK(!format_of(codec, std::vector<std::uint8_t>{0x01, 0x02, 0x03}).has_value());
    CHECK(!format_of(codec, std::vector<std::uint8_t>(200, 0xff)).has_value());
  }
  for (const auto& [codec, encoder] :
       {std::pair{Codec::h264, "libx264"}, {Codec::vp8, "libvpx"}, {Codec::vp9, "libvpx-vp9"}}) {
    VideoEncoder made{{.encoder = encoder, .size = {64, 48}, .frames_per_second = 25, .low_delay = true, .threads = 1}};
    const auto packets = encoded_square(made, {64, 48}, 2);
    REQUIRE(packets.size() == 2);
    CHECK(!format_of(codec, packets[1].data).has_value());
  }
}

TEST_CASE("a key frame that is cut off anywhere is refused or read, and harms nobody") {
  for (const auto& [codec, encoder] :
       {std::pair{Codec::h264, "libx264"}, {Codec::vp8, "libvpx"}, {Codec::vp9, "libvpx-vp9"}}) {
    const auto frame = key_frame(encoder, {64, 48});
    for (std::size_t length = 0; length < std::min<std::size_t>(frame.size(), 120); ++length) {
      const auto format = format_of(codec, std::span{frame}.first(length));
      if (format) CHECK(format->size.width > 0);
    }
  }
}

TEST_CASE("NAL units are found behind both start codes, without the zeros between") {
  const std::vector<std::uint8_t> stream{0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 1, 0x65, 4, 0, 0};
  const auto units = nal_units(stream);
  REQUIRE(units.size() == 3);
  CHECK(std::vector(units[0].begin(), units[0].end()) == std::vector<std::uint8_t>{0x67, 1, 2});
  CHECK(std::vector(units[1].begin(), units[1].end()) == std::vector<std::uint8_t>{0x68, 3});
  CHECK(std::vector(units[2].begin(), units[2].end()) == std::vector<std::uint8_t>{0x65, 4});
}

TEST_CASE("units behind lengths lose what is cut off") {
  const std::vector<std::uint8_t> units{0, 0, 0, 2, 0x65, 1, 0, 0, 0, 9, 0x41};
  CHECK(to_annex_b(units, 4) == std::vector<std::uint8_t>{0, 0, 0, 1, 0x65, 1});
}

}  // namespace
}  // namespace sluice::media
