#include <doctest/doctest.h>

#include "assemble.h"
#include "sdk/media/src/vp9_header.h"

namespace sluice::media {
namespace {

// N_S = 2 (three layers), Y; their sizes; no group.
const Blob kThreeLayers{0x50, 0, 160, 0, 90, 1, 64, 0, 180, 2, 128, 1, 104};

std::optional<RtpFrame> with_descriptor(const Blob& descriptor) {
  return assemble_one(Codec::vp9, {descriptor + vp9_frame(true, 40, 1)});
}

// The packets of a picture's layers, one after the other.
std::vector<Blob> picture(const std::vector<Blob>& layers, bool key, const Blob& structure = {}) {
  std::vector<Blob> payloads;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Vp9Descriptor with{
        .predicted = !key, .spatial = static_cast<int>(i), .structure = i == 0 ? structure : Blob{}};
    for (Blob& payload : vp9_payloads(layers[i], with)) payloads.push_back(std::move(payload));
  }
  return payloads;
}

}  // namespace

// Written by libvpx of 640x360, profile 0.
TEST_CASE("VP9: the size is read from a key frame's header") {
  const Blob header{0x82, 0x49, 0x83, 0x42, 0x00, 0x27, 0xf0, 0x16, 0x76, 0x04};
  CHECK(read_vp9_key_frame(header) == Size{640, 360});
  CHECK(read_vp9_key_frame(vp9_frame(true, 40, 1, 1'280, 720)) == Size{1'280, 720});
  CHECK(!read_vp9_key_frame(vp9_frame(false, 40, 1)));
  for (std::size_t size = 0; size < 9; ++size) CHECK(!read_vp9_key_frame(Bytes{header}.first(size)));
}

TEST_CASE("VP9: a frame over many packets is joined, in both modes") {
  for (const bool flexible : {false, true}) {
    const Blob frame = vp9_frame(true, 5'500, 1, 1'280, 720);
    const auto got = assemble_one(Codec::vp9, vp9_payloads(frame, {.flexible = flexible}));
    REQUIRE(got);
    CHECK(got->data == frame);
    CHECK(got->key_frame);
    CHECK(got->size == Size{1'280, 720});
  }
}

TEST_CASE("VP9: a frame that is predicted is no key frame") {
  RtpSender sender;
  auto packets = sender.packets(0, vp9_payloads(vp9_frame(true, 100, 1), {}));
  const Blob inter = vp9_frame(false, 1'500, 2);
  for (Blob& packet : sender.packets(
           3'000, vp9_payloads(inter, {.predicted = true, .flexible = true, .references = {0x03, 0x05, 0x08}})))
    packets.push_back(std::move(packet));
  const auto frames = assemble(Codec::vp9, packets);
  REQUIRE(frames.size() == 2);
  CHECK(frames[1].data == inter);
  CHECK(!frames[1].key_frame);
}

// RFC 9628 section 4.2: I 0x80, P 0x40, L 0x20, F 0x10, B 0x08, E 0x04, V 0x02, Z 0x01.
TEST_CASE("VP9: every form of the payload descriptor is read") {
  CHECK(with_descriptor({0x0c}));                                // B, E
  CHECK(with_descriptor({0x8c, 0x11}));                          // I, 7 bits
  CHECK(with_descriptor({0x8c, 0x92, 0x34}));                    // I, 15 bits
  CHECK(with_descriptor({0x2d, 0x00, 0x07}));                    // L, TL0PICIDX; Z
  CHECK(with_descriptor({0x3c, 0x00}));                          // L, F
  CHECK(with_descriptor({0x0e, 0x00}));                          // V: one layer, nothing told of it
  CHECK(with_descriptor({0x0e, 0x08, 2, 0x04, 1, 0x28, 1, 2}));  // G: pictures of one and two references
  CHECK(with_descriptor({0x0e, 0x18, 2, 128, 1, 104, 0})->size == Size{640, 360});  // Y, and G of none
}

TEST_CASE("VP9: the layers of a picture become a superframe") {
  const std::vector<Blob> layers{vp9_frame(true, 100, 1, 160, 90), vp9_frame(false, 1'300, 2),
                                 vp9_frame(false, 70'000, 3)};
  const auto got = assemble_one(Codec::vp9, picture(layers, true, kThreeLayers));
  REQUIRE(got);
  // Three frames, sizes of three bytes: 110 10 010.
  const Blob index{0xd2, 100, 0, 0, 0x14, 0x05, 0, 0x70, 0x11, 0x01, 0xd2};
  CHECK(got->data == layers[0] + layers[1] + layers[2] + index);
  CHECK(got->key_frame);
  CHECK(got->size == Size{640, 360});
}

TEST_CASE("VP9: with fewer layers the size is that of the highest that came") {
  const std::vector<Blob> layers{vp9_frame(true, 100, 1, 160, 90), vp9_frame(false, 150, 2)};
  const auto two = assemble_one(Codec::vp9, picture(layers, true, kThreeLayers));
  REQUIRE(two);
  CHECK(two->size == Size{320, 180});
  CHECK(two->data == layers[0] + layers[1] + Blob{0xc1, 100, 150, 0xc1});
  const auto one = assemble_one(Codec::vp9, picture({layers[0]}, true, kThreeLayers));
  REQUIRE(one);
  CHECK(one->size == Size{160, 90});
  CHECK(one->data == layers[0]);
}

TEST_CASE("VP9: layers that are not wanted leave no gap where their numbers are filled") {
  RtpSender sender;
  auto packets = sender.packets(0, picture({vp9_frame(true, 100, 1), vp9_frame(false, 100, 2)}, true));
  packets.push_back(rtp({.sequence = 2, .timestamp = 0}, {}));
  sender.skip();
  const auto next = sender.packets(3'000, picture({vp9_frame(false, 100, 3)}, false));
  packets.insert(packets.end(), next.begin(), next.end());
  const auto frames = assemble(Codec::vp9, packets);
  REQUIRE(frames.size() == 2);
  CHECK(!frames[1].after_loss);
}

TEST_CASE("VP9: an independent frame of an upper layer is no key frame") {
  CHECK(!assemble_one(Codec::vp9, vp9_payloads(vp9_frame(true, 100, 1), {.spatial = 1})));
}

TEST_CASE("VP9: a frame that claims to be independent but is not is no key frame") {
  CHECK(!assemble_one(Codec::vp9, vp9_payloads(vp9_frame(false, 100, 1), {})));
}

TEST_CASE("VP9: what is damaged does not become a frame") {
  const Blob key = vp9_frame(true, 40, 1);
  CHECK(!assemble_one(Codec::vp9, {Blob{0x04} + key}));                                // no begin
  CHECK(!assemble_one(Codec::vp9, {Blob{0x08} + key}));                                // no end
  CHECK(!assemble_one(Codec::vp9, {Blob{0x08} + key, Blob{0x0c} + key}));              // two begins
  CHECK(!assemble_one(Codec::vp9, {Blob{0x0c} + key, Blob{0x0c} + key}));              // a layer twice
  CHECK(!assemble_one(Codec::vp9, {Blob{0x28, 0, 7} + key, Blob{0x24, 2, 7} + key}));  // another layer's end
  CHECK(!assemble_one(Codec::vp9, {{0x0c}}));                                          // nothing behind the descriptor
  CHECK(!assemble_one(Codec::vp9, {{0x8c, 0x92}}));                                    // cut off
  CHECK(!assemble_one(Codec::vp9, {{0x0e, 0x50, 0, 1}}));                              // in the structure, too
  CHECK(!assemble_one(Codec::vp9, {{0x0e, 0x08, 200, 0x0c}}));                         // and in its group
  CHECK(!assemble_one(Codec::vp9, {Blob{0x0e, 0x10, 0, 0, 0, 0} + key}));              // a layer of no size
}

}  // namespace sluice::media
