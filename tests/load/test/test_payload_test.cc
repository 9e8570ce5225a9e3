#include "tests/load/test_payload.h"

#include <doctest/doctest.h>

#include <vector>

#include "core/media/layers/vp8_layers.h"
#include "tests/load/stream_shape.h"

namespace sluice::load {
namespace {

bool starts_keyframe(Bytes payload) { return Vp8Layers{}.read(payload, false).keyframe; }

}  // namespace

TEST_CASE("a stamp is read back from the payload's end") {
  std::vector<std::uint8_t> payload(100);
  const PacketStamp stamp{.source = 7, .number = 1'000'000'000'000, .sent_ns = 123'456'789'012'345};
  write_stamp(payload, stamp);
  CHECK(read_stamp(payload) == stamp);
  payload[76] ^= 1;
  CHECK(!read_stamp(payload));
  CHECK(!read_stamp(Bytes{payload}.first(23)));
}

TEST_CASE("filler tells damage and a foreign source") {
  std::vector<std::uint8_t> payload(100);
  write_filler(payload, 3);
  CHECK(filler_is_intact(payload, 3));
  CHECK(!filler_is_intact(payload, 4));
  payload[50] ^= 1;
  CHECK(!filler_is_intact(payload, 3));
}

TEST_CASE("headers and stamp leave the filler alone, in the smallest payload, too") {
  std::vector<std::uint8_t> payload(kMinPayload);
  write_filler(payload, 1);
  write_stamp(payload, {.source = 1});
  write_vp8_header(payload, {.picture_id = 0x7fff, .key_frame = true, .first_of_frame = true});
  CHECK(filler_is_intact(payload, 1));
  CHECK(read_stamp(payload).has_value());
}

TEST_CASE("servers see key frames in the first packet of a key frame alone") {
  std::vector<std::uint8_t> payload(kMinPayload);
  write_vp8_header(payload, {.picture_id = 9, .key_frame = true, .first_of_frame = true});
  CHECK(starts_keyframe(payload));
  write_vp8_header(payload, {.picture_id = 9, .key_frame = true, .first_of_frame = false});
  CHECK(!starts_keyframe(payload));
  write_vp8_header(payload, {.picture_id = 10, .key_frame = false, .first_of_frame = true});
  CHECK(!starts_keyframe(payload));
}

}  // namespace sluice::load
