// Layers, frame ends and picture numbers as the payloads of VP8, VP9, H264 and AV1 tell them.

#include <doctest/doctest.h>

#include <vector>

#include "core/media/layers/av1_layers.h"
#include "core/media/layers/h264_layers.h"
#include "core/media/layers/layer_reader.h"
#include "core/media/layers/vp8_layers.h"
#include "core/media/layers/vp9_layers.h"
#include "tests/unit/core/media/layers/descriptor_writer.h"

namespace sluice {
namespace {

using Payload = std::vector<std::uint8_t>;

}  // namespace

TEST_CASE("VP8 tells its temporal layer, whether it needs the lowest one alone, and its numbers") {
  const Payload payload{
      0x90,        // X, S
      0xf0,        // I, L, T, K
      0x92, 0x34,  // M, picture id 0x1234
      0x56,        // TL0PICIDX
      0xa3,        // TID 2, Y, KEYIDX 3
      0x01         // P: not a key frame
  };
  const PacketLayers layers = Vp8Layers{}.read(payload, true);
  CHECK(layers.temporal == 2);
  CHECK(layers.needs_base_only);
  CHECK(layers.begins_frame);
  CHECK(layers.ends_frame);
  CHECK(layers.ends_picture);
  CHECK_FALSE(layers.keyframe);
  CHECK(layers.pictures.id == 0x1234);
  CHECK(layers.pictures.id_at == 2);
  CHECK(layers.pictures.long_id);
  CHECK(layers.pictures.tl0_index == 0x56);
  CHECK(layers.pictures.tl0_at == 4);
  CHECK(layers.pictures.consecutive);
}

TEST_CASE("VP8 numbers stand where the fields before them put them") {
  const PacketLayers short_id = Vp8Layers{}.read(Payload{0x80, 0xc0, 0x7f, 0x09, 0xff}, false);
  CHECK(short_id.pictures.id == 0x7f);
  CHECK_FALSE(short_id.pictures.long_id);
  CHECK(short_id.pictures.tl0_at == 3);
  CHECK_FALSE(short_id.begins_frame);
  const PacketLayers no_id = Vp8Layers{}.read(Payload{0x80, 0x40, 0x09, 0xff}, false);
  CHECK(no_id.pictures.id_at == 0);
  CHECK(no_id.pictures.tl0_at == 2);
  const PacketLayers keyidx_alone = Vp8Layers{}.read(Payload{0x90, 0x10, 0xe1, 0x01}, false);
  CHECK(keyidx_alone.temporal == 0);  // without T the bits of TID mean nothing
  CHECK_FALSE(keyidx_alone.needs_base_only);
  CHECK(Vp8Layers{}.read(Payload{0x90, 0xf0, 0x81}, true).pictures.id_at == 0);
}

TEST_CASE("VP9 in flexible mode tells layers, ends and switches; references are skipped over") {
  const Payload payload{
      0xfe,        // I, P, L, F, B, E, V; not Z
      0x92, 0x34,  // M, picture id 0x1234
      0x55,        // TID 2, U, SID 2, D
      0x03, 0x04,  // P_DIFF 1 with another one behind it, P_DIFF 2
      0x40,        // N_S 2: three spatial layers, no sizes, no pictures
      0xaa         // the frame
  };
  Vp9Layers reader;
  const PacketLayers layers = reader.read(payload, true);
  CHECK(layers.spatial == 2);
  CHECK(layers.temporal == 2);
  CHECK(layers.spatial_layers == 3);
  CHECK(layers.begins_frame);
  CHECK(layers.ends_frame);
  CHECK(layers.ends_picture);
  CHECK_FALSE(layers.keyframe);
  CHECK(layers.used_by_upper_spatial);
  CHECK(layers.switches_temporal_to == kTopLayer);
  CHECK(layers.pictures.id == 0x1234);
  CHECK(layers.pictures.id_at == 1);
  CHECK(layers.pictures.tl0_at == 0);
  CHECK_FALSE(layers.pictures.consecutive);
  CHECK(reader.read(Payload{0xb1, 0x01, 0x00, 0xaa}, false).spatial_layers == 3);  // remembered
}

TEST_CASE("VP9 in non-flexible mode has TL0PICIDX; Z says that upper layers do not need the frame") {
  const Payload payload{
      0xa9,  // I, L, B, Z
      0x05,  // picture id of 7 bits
      0x22,  // TID 1, SID 1
      0x77,  // TL0PICIDX
      0xaa   // the frame
  };
  const PacketLayers layers = Vp9Layers{}.read(payload, false);
  CHECK(layers.spatial == 1);
  CHECK(layers.temporal == 1);
  CHECK_FALSE(layers.keyframe);  // the upper layer of a key picture
  CHECK_FALSE(layers.used_by_upper_spatial);
  CHECK_FALSE(layers.ends_frame);
  CHECK(layers.pictures.tl0_index == 0x77);
  CHECK(layers.pictures.tl0_at == 3);
  CHECK(Vp9Layers{}.read(Payload{0x20, 0x00, 0x77, 0xaa}, false).pictures.tl0_at == 2);
}

TEST_CASE("a VP9 descriptor that ends early tells no more than the marker") {
  const Payload whole{0xfe, 0x92, 0x34, 0x55, 0x03, 0x04, 0x40};
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const PacketLayers layers = Vp9Layers{}.read(Bytes{whole}.first(size), true);
    CHECK(layers.spatial == 0);
    CHECK(layers.pictures.id_at == 0);
    CHECK(layers.ends_picture);
  }
}

TEST_CASE("H264 tells temporal layers in prefix NAL units, for the rest of the frame") {
  H264Layers reader;
  CHECK(reader.read(Payload{0x67, 0x42}, false).keyframe);  // SPS
  CHECK(reader.read(Payload{0x65, 0x88}, true).keyframe);   // IDR slice
  // NAL type 14, then | R I PRID | N DID QID | TID=2 U D O RR |; the slice follows in its own packet.
  const PacketLayers prefix = reader.read(Payload{0x6e, 0x80, 0x80, 0x47}, false);
  CHECK(prefix.temporal == 2);
  CHECK(prefix.begins_frame);
  const PacketLayers slice = reader.read(Payload{0x41, 0x9a}, true);
  CHECK(slice.temporal == 2);
  CHECK_FALSE(slice.begins_frame);
  CHECK(slice.ends_picture);
  CHECK(reader.read(Payload{0x41, 0x9a}, true).temporal == 0);
  const Payload aggregate{0x78, 0, 4, 0x6e, 0x80, 0x80, 0x27, 0, 2, 0x41, 0x9a};
  CHECK(reader.read(aggregate, true).temporal == 1);
  CHECK(reader.read(Payload{0x74, 0x80, 0x80, 0x67, 0x00}, true).temporal == 3);  // slice of type 20
  CHECK(reader.read(Payload{0x6e, 0x80}, true).temporal == 0);                    // cut off
}

TEST_CASE("AV1 tells where frames begin and end, and no layers") {
  Av1Layers reader;
  const PacketLayers key = reader.read(Payload{0x18, 0x0a}, false);
  CHECK(key.keyframe);
  CHECK(key.begins_frame);
  CHECK(key.switches_spatial_to == kTopLayer);
  CHECK_FALSE(reader.read(Payload{0x90, 0x0a}, true).begins_frame);
  CHECK(reader.read(Payload{0x10, 0x0a}, true).begins_frame);
}

TEST_CASE("with a descriptor the payload decides nothing but the picture numbers, whatever stands in it") {
  for (const VideoCodec codec : {VideoCodec::vp8, VideoCodec::vp9, VideoCodec::h264, VideoCodec::av1}) {
    const auto reader = make_layer_reader(codec);
    const Payload structure = test::descriptor_with(test::l1t2(), {.frame = 0});
    Payload garbage{0, 0, 0, 0, 0, 0, 0, 0};
    CHECK(reader->read(garbage, Bytes{structure}, true).keyframe);
    for (std::uint32_t value = 0; value < 0x1'0000; value += 7) {
      for (std::size_t i = 0; i < garbage.size(); ++i) garbage[i] = static_cast<std::uint8_t>(value >> i);
      const Payload element = test::descriptor_of({.ends = false, .template_id = 2, .frame = 1});
      const PacketLayers layers = reader->read(garbage, Bytes{element}, false);
      REQUIRE(layers.temporal == 1);
      REQUIRE(layers.spatial == 0);
      REQUIRE(layers.begins_frame);
      REQUIRE_FALSE(layers.ends_frame);
      REQUIRE_FALSE(layers.keyframe);
      REQUIRE_FALSE(layers.needs_base_only);
      REQUIRE(layers.described);
    }
  }
}

}  // namespace sluice
