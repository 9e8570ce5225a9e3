#include <doctest/doctest.h>

#include "assemble.h"
#include "sdk/media/src/h264_sps.h"

namespace sluice::media {
namespace {

// Written by x264: profile 66 (baseline) of 1280x720, 1920x1080 (cropped from 1088) and profile 100 (high) of 640x360.
const Blob kSps720{0x67, 0x42, 0xc0, 0x1f, 0xd9, 0x00, 0x50, 0x05, 0xbb, 0x01, 0x10, 0x00, 0x00,
                   0x03, 0x00, 0x10, 0x00, 0x00, 0x03, 0x03, 0x20, 0xf1, 0x83, 0x24, 0x80};
const Blob kSps1080{0x67, 0x42, 0xc0, 0x28, 0xd9, 0x00, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x44, 0x00,
                    0x00, 0x03, 0x00, 0x04, 0x00, 0x00, 0x03, 0x00, 0xc8, 0x3c, 0x60, 0xc9, 0x20};
const Blob kSpsHigh360{0x67, 0x64, 0x00, 0x1e, 0xac, 0xd9, 0x40, 0xa0, 0x2f, 0xf9, 0x70, 0x11, 0x00,
                       0x00, 0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x32, 0x0f, 0x16, 0x2d, 0x96};
const Blob kPps{0x68, 0xcb, 0x83, 0xcb, 0x20};
const Blob kSei{0x06, 0x05, 0x01, 0xaa, 0x80};
const Blob kDelimiter{0x09, 0x10};

// The first slice of a picture begins with macroblock 0: its first bit is 1.
Blob slice(std::uint8_t header, std::size_t size, std::uint32_t seed = 1) {
  return Blob{header, 0x88} + noise(size, seed);
}
Blob idr(std::size_t size = 50) { return slice(0x65, size); }
Blob inter(std::size_t size = 50, std::uint32_t seed = 2) { return slice(0x41, size, seed); }

struct Sender {
  RtpSender numbers{};
  std::uint32_t timestamp = 0;
  std::vector<Blob> packets{};

  Sender& frame(const std::vector<Blob>& payloads) {
    for (Blob& packet : numbers.packets(timestamp, payloads)) packets.push_back(std::move(packet));
    timestamp += 3'000;
    return *this;
  }
};

}  // namespace

TEST_CASE("H264: sizes are read from the sequence parameter set, cropping and high profiles included") {
  CHECK(read_h264_sps(kSps720)->size == Size{1'280, 720});
  CHECK(read_h264_sps(kSps1080)->size == Size{1'920, 1'080});
  CHECK(read_h264_sps(kSpsHigh360)->size == Size{640, 360});
  CHECK(read_h264_pps_id(kPps) == 0);
}

TEST_CASE("H264: a parameter set that is cut off anywhere before its sizes is not read") {
  for (std::size_t size = 0; size < 8; ++size) CHECK(!read_h264_sps(Bytes{kSps720}.first(size)));
  CHECK(!read_h264_pps_id(Bytes{kPps}.first(1)));
}

TEST_CASE("H264: single NAL units become Annex B") {
  const auto got = assemble_one(Codec::h264, {kSps720, kPps, idr()});
  REQUIRE(got);
  CHECK(got->data == annex_b({kSps720, kPps, idr()}));
  CHECK(got->key_frame);
  CHECK(got->size == Size{1'280, 720});
}

TEST_CASE("H264: an aggregate is taken apart") {
  const auto got = assemble_one(Codec::h264, {stap_a({kSps720, kPps, kSei}), idr()});
  REQUIRE(got);
  CHECK(got->data == annex_b({kSps720, kPps, kSei, idr()}));
}

TEST_CASE("H264: fragments are joined, with the header of the NAL unit restored") {
  const Blob big = idr(5'000);
  const auto got = assemble_one(Codec::h264, h264_payloads({kSps720, kPps, big}));
  REQUIRE(got);
  CHECK(got->data == annex_b({kSps720, kPps, big}));
}

TEST_CASE("H264: a picture of several slices is one frame") {
  const Blob second{0x65, 0x40, 0x11};  // first_mb_in_slice is not 0
  CHECK(assemble_one(Codec::h264, {kSps720, kPps, idr(), second})->data == annex_b({kSps720, kPps, idr(), second}));
}

TEST_CASE("H264: parameter sets that came alone stand before the next IDR picture") {
  Sender sender;
  SUBCASE("in an access unit of their own") { sender.frame({kSps720, kPps}).frame({idr()}); }
  SUBCASE("each in one") { sender.frame({kSps720}).frame({kPps}).frame({idr()}); }
  SUBCASE("one of them with the picture") { sender.frame({kSps720}).frame({kPps, idr()}); }
  const auto frames = assemble(Codec::h264, sender.packets);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].key_frame);
  CHECK(frames[0].size == Size{1'280, 720});
  // Sets have no order among each other but that both come before the picture.
  CHECK(frames[0].data.size() == annex_b({kSps720, kPps, idr()}).size());
  CHECK(std::ranges::search(frames[0].data, annex_b({kSps720})).empty() == false);
  CHECK(std::ranges::equal(std::span{frames[0].data}.last(annex_b({idr()}).size()), annex_b({idr()})));
}

TEST_CASE("H264: the last parameter sets are repeated before an IDR picture that has none") {
  Sender sender;
  sender.frame({kSps720, kPps, idr()}).frame({inter()}).frame({kSps1080, kPps, idr()}).frame({idr()});
  const auto frames = assemble(Codec::h264, sender.packets);
  REQUIRE(frames.size() == 4);
  CHECK(frames[1].data == annex_b({inter()}));
  CHECK(!frames[1].key_frame);
  CHECK(frames[3].data == annex_b({kSps1080, kPps, idr()}));
  CHECK(frames[3].size == Size{1'920, 1'080});
}

TEST_CASE("H264: an IDR picture is no key frame while its parameter sets are unknown") {
  CHECK(!assemble_one(Codec::h264, {idr()}));
  CHECK(!assemble_one(Codec::h264, {kSps720, idr()}));
  CHECK(!assemble_one(Codec::h264, {kPps, idr()}));
}

TEST_CASE("H264: filler data is left out, delimiters are not") {
  const Blob filler{0x0c, 0xff, 0xff, 0x80};
  const auto got = assemble_one(Codec::h264, {kDelimiter, kSps720, kPps, idr(), filler});
  REQUIRE(got);
  CHECK(got->data == annex_b({kDelimiter, kSps720, kPps, idr()}));
  CHECK(assemble_one(Codec::h264, h264_payloads({kSps720, kPps, idr(), Blob{0x0c} + noise(2'000, 1)}))->data ==
        annex_b({kSps720, kPps, idr()}));
}

TEST_CASE("H264: what is damaged does not become a frame") {
  const std::vector<Blob> sets{kSps720, kPps};
  const auto with_sets = [&](std::vector<Blob> payloads) {
    payloads.insert(payloads.begin(), sets.begin(), sets.end());
    return assemble_one(Codec::h264, payloads);
  };
  REQUIRE(with_sets({idr()}));
  CHECK(!with_sets({{0xe5, 0x88, 0x11}}));                      // F: forbidden
  CHECK(!with_sets({{0x60, 0x88}}));                            // type 0
  CHECK(!with_sets({{0x7f, 0x88}}));                            // type 31
  CHECK(!with_sets({{0x79, 0, 0, 0, 2, 0x65, 0x88}}));          // STAP-B: mode 2
  CHECK(!with_sets({{0x65}}));                                  // a slice without anything
  CHECK(!with_sets({{0x65, 0x48, 0x11}}));                      // its first slice is missing
  CHECK(!with_sets({{0x78}}));                                  // an aggregate of nothing
  CHECK(!with_sets({{0x78, 0, 9, 0x65, 0x88}}));                // longer than the packet
  CHECK(!with_sets({{0x78, 0, 0, 0, 2, 0x65, 0x88}}));          // an empty NAL unit
  CHECK(!with_sets({{0x78, 0, 3, 0x78, 0x65, 0x88}}));          // an aggregate in an aggregate
  CHECK(!with_sets({{0x7c, 0x85}}));                            // FU-A: no fragment
  CHECK(!with_sets({{0x7c, 0x85, 0x88, 0x11}}));                // FU-A: no end
  CHECK(!with_sets({{0x7c, 0x05, 0x88, 0x11}}));                // FU-A: no start
  CHECK(!with_sets({{0x7c, 0xc5, 0x88, 0x11}}));                // FU-A: both at once
  CHECK(!with_sets({{0x7c, 0x98, 0x88, 0x11}}));                // FU-A of an aggregate
  CHECK(!with_sets({{0x7c, 0x85, 0x88, 0x11}, {0x65, 0x88}}));  // a NAL unit amid fragments
}

TEST_CASE("H264: parameter sets without end do not fill the memory") {
  FrameAssembler assembler{{.codec = Codec::h264}};
  Sender sender;
  for (int id = 0; id < 200; ++id)  // ue(v) of 127 to 254: seven zeros, a one, seven bits
    sender.frame({Blob{0x68, 0x01, static_cast<std::uint8_t>(id << 1), 0x80} + noise(900, 1)});
  sender.frame({kSps720, idr()});
  insert(assembler, sender.packets);
  const auto frames = drain(assembler);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].data.size() < 16 * 1'024 + 1'024);
}

}  // namespace sluice::media
