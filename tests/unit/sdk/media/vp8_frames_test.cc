#include <doctest/doctest.h>

#include "assemble.h"

namespace sluice::media {
namespace {

// A payload of one packet: the descriptor's octets, then the frame.
std::optional<RtpFrame> with_descriptor(const Blob& descriptor) {
  return assemble_one(Codec::vp8, {descriptor + vp8_frame(true, 40, 1)});
}

}  // namespace

TEST_CASE("VP8: a key frame over many packets is joined, with its size") {
  const Blob frame = vp8_frame(true, 10'500, 1, 1'280, 720);
  const auto got = assemble_one(Codec::vp8, vp8_payloads(frame));
  REQUIRE(got);
  CHECK(got->data == frame);
  CHECK(got->key_frame);
  CHECK(got->size == Size{1'280, 720});
}

TEST_CASE("VP8: the scaling bits are no part of the size") {
  Blob frame = vp8_frame(true, 40, 1, 640, 360);
  frame[7] |= 0x40;
  frame[9] |= 0x80;
  CHECK(assemble_one(Codec::vp8, vp8_payloads(frame))->size == Size{640, 360});
}

TEST_CASE("VP8: a frame that is predicted is no key frame") {
  RtpSender sender;
  auto packets = sender.packets(0, vp8_payloads(vp8_frame(true, 100, 1)));
  packets.push_back(sender.packets(3'000, vp8_payloads(vp8_frame(false, 100, 2))).front());
  const auto frames = assemble(Codec::vp8, packets);
  REQUIRE(frames.size() == 2);
  CHECK(!frames[1].key_frame);
  CHECK(!frames[1].size);
  CHECK(frames[1].timestamp == 3'000);
}

// RFC 7741 section 4.2: S is 0x10, X 0x80; then I 0x80, L 0x40, T 0x20, K 0x10.
TEST_CASE("VP8: every form of the payload descriptor is read") {
  CHECK(with_descriptor({0x10}));                                                   // no extension
  CHECK(with_descriptor({0x30}));                                                   // N: not referred to
  CHECK(with_descriptor({0x90, 0x00}));                                             // X with nothing in it
  CHECK(with_descriptor({0x90, 0x80, 0x11}));                                       // I, 7 bits
  CHECK(with_descriptor({0x90, 0x80, 0x92, 0x34}));                                 // I, 15 bits
  CHECK(with_descriptor({0x90, 0x40, 0x05}));                                       // L
  CHECK(with_descriptor({0x90, 0x20, 0x40}));                                       // T
  CHECK(with_descriptor({0x90, 0x10, 0x01}));                                       // K
  CHECK(with_descriptor({0x90, 0xf0, 0x92, 0x34, 0x05, 0x41})->data.size() == 40);  // all
}

TEST_CASE("VP8: partitions of their own packets belong to the frame") {
  const Blob frame = vp8_frame(true, 90, 1);
  const auto parts = split(frame, 30);
  const auto got = assemble_one(Codec::vp8, {Blob{0x10} + parts[0], Blob{0x11} + parts[1], Blob{0x12} + parts[2]});
  REQUIRE(got);
  CHECK(got->data == frame);
}

TEST_CASE("VP8: what is damaged does not become a frame") {
  const Blob key = vp8_frame(true, 40, 1);
  CHECK(!assemble_one(Codec::vp8, {Blob{0x00} + key}));                                 // its beginning is missing
  CHECK(!assemble_one(Codec::vp8, {Blob{0x10} + key, Blob{0x10} + key}));               // two beginnings
  CHECK(!assemble_one(Codec::vp8, {{0x10}}));                                           // nothing behind the descriptor
  CHECK(!assemble_one(Codec::vp8, {{0x90, 0xf0, 0x92}}));                               // the descriptor is cut off
  CHECK(!assemble_one(Codec::vp8, {Blob{0x10} + Blob{key.begin(), key.begin() + 9}}));  // the key frame's header is
  Blob other_code = key;
  other_code[3] = 0x9c;
  CHECK(!assemble_one(Codec::vp8, {Blob{0x10} + other_code}));
  CHECK(!assemble_one(Codec::vp8, {Blob{0x10} + vp8_frame(true, 40, 1, 0, 360)}));
}

}  // namespace sluice::media
