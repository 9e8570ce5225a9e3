// Where a decoder can start.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/media/layers/layer_reader.h"
#include "tests/unit/core/media/layers/descriptor_writer.h"

namespace sluice {
namespace {

using Payload = std::vector<std::uint8_t>;

struct Case {
  std::string what;
  Payload payload;
  bool keyframe;
};

bool is_keyframe(VideoCodec codec, Bytes payload, std::optional<Bytes> descriptor) {
  return make_layer_reader(codec)->read(payload, descriptor, false).keyframe;
}

void check_all(VideoCodec codec, const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    CAPTURE(each.what);
    CHECK(is_keyframe(codec, each.payload, std::nullopt) == each.keyframe);
  }
}

TEST_CASE("a VP8 key frame starts where S = 1, PID = 0 and P = 0") {
  check_all(VideoCodec::vp8, {
                                 {"no descriptor extension, P = 0", {0x10, 0x00}, true},
                                 {"no descriptor extension, P = 1", {0x10, 0x01}, false},
                                 {"not the start of a partition", {0x00, 0x00}, false},
                                 {"second partition", {0x11, 0x00}, false},
                                 {"7-bit picture id", {0x90, 0x80, 0x7f, 0x00}, true},
                                 {"15-bit picture id", {0x90, 0x80, 0xff, 0x01, 0x00}, true},
                                 {"15-bit picture id, P = 1", {0x90, 0x80, 0xff, 0x00, 0x01}, false},
                                 {"picture id, TL0PICIDX, TID", {0x90, 0xe0, 0x81, 0x02, 0x05, 0x20, 0x10}, true},
                                 {"KEYIDX alone", {0x90, 0x10, 0x01, 0x00}, true},
                                 {"T and K share one octet", {0x90, 0x30, 0x01, 0x00}, true},
                                 {"ends before the frame", {0x90, 0xf0, 0x81, 0x02, 0x05, 0x20}, false},
                                 {"empty", {}, false},
                             });
}

TEST_CASE("a VP9 key frame starts where P = 0, B = 1 and the spatial layer is the lowest") {
  check_all(VideoCodec::vp9, {
                                 {"B alone", {0x08, 0xff}, true},
                                 {"predicted", {0x48, 0xff}, false},
                                 {"not the start of a frame", {0x04, 0xff}, false},
                                 {"7-bit picture id", {0x88, 0x01, 0xff}, true},
                                 {"15-bit picture id, layer 0", {0xa8, 0x81, 0x02, 0x00, 0x05, 0xff}, true},
                                 {"15-bit picture id, layer 1", {0xa8, 0x81, 0x02, 0x03, 0x05, 0xff}, false},
                                 {"temporal layer and U do not matter", {0x28, 0x50, 0x00, 0xff}, true},
                                 {"descriptor without data", {0x08}, false},
                                 {"layer octet missing", {0x28}, false},
                                 {"empty", {}, false},
                             });
}

TEST_CASE("an H264 key frame starts with an SPS or an IDR slice, however it is packed") {
  check_all(VideoCodec::h264, {
                                  {"single SPS", {0x67, 0x42}, true},
                                  {"single PPS", {0x68, 0xce}, false},
                                  {"single IDR slice", {0x65, 0x88}, true},
                                  {"single non-IDR slice", {0x41, 0x9a}, false},
                                  {"STAP-A: SPS, PPS", {0x78, 0, 2, 0x67, 0x42, 0, 1, 0x68}, true},
                                  {"STAP-A: SEI, IDR", {0x78, 0, 2, 0x06, 0x05, 0, 2, 0x65, 0x88}, true},
                                  {"STAP-A: PPS alone", {0x78, 0, 1, 0x68}, false},
                                  {"STAP-A: an empty unit first", {0x78, 0, 0, 0, 1, 0x67}, true},
                                  {"STAP-A: a size past the end", {0x78, 0, 9, 0x67}, false},
                                  {"STAP-A: half a size", {0x78, 0}, false},
                                  {"FU-A: start of IDR", {0x7c, 0x85, 0x88}, true},
                                  {"FU-A: middle of IDR", {0x7c, 0x05, 0x88}, false},
                                  {"FU-A: end of IDR", {0x7c, 0x45, 0x88}, false},
                                  {"FU-A: start of non-IDR", {0x7c, 0x81, 0x9a}, false},
                                  {"one octet", {0x67}, false},
                                  {"empty", {}, false},
                              });
}

TEST_CASE("an AV1 coded video sequence starts where N = 1 and Z = 0") {
  check_all(VideoCodec::av1, {
                                 {"N", {0x18, 0x0a}, true},
                                 {"no N", {0x10, 0x0a}, false},
                                 {"N contradicted by Z", {0x98, 0x0a}, false},
                                 {"no OBU", {0x08}, false},
                                 {"empty", {}, false},
                             });
}

TEST_CASE("a dependency descriptor decides over the payload, which may be encrypted") {
  const Payload key_payload{0x10, 0x00};
  const Payload encrypted{0x5a, 0xa5};
  const Payload structure_at_start = test::descriptor_with(test::l1t2(), {.starts = true});
  const Payload structure_later = test::descriptor_with(test::l1t2(), {.starts = false});
  const Payload mandatory_only{0x80, 0x00, 0x01};
  const Payload too_short{0x80, 0x00};
  const Payload cut_off{0x80, 0x00, 0x01, 0x80, 0x00};

  CHECK(is_keyframe(VideoCodec::vp8, encrypted, Bytes{structure_at_start}));
  CHECK(is_keyframe(VideoCodec::av1, encrypted, Bytes{structure_at_start}));
  CHECK(!is_keyframe(VideoCodec::vp8, key_payload, Bytes{structure_later}));
  CHECK(!is_keyframe(VideoCodec::vp8, key_payload, Bytes{mandatory_only}));
  CHECK(is_keyframe(VideoCodec::vp8, key_payload, Bytes{too_short}));  // not a descriptor: the payload is asked
  CHECK(is_keyframe(VideoCodec::vp8, key_payload, Bytes{cut_off}));
}

TEST_CASE("no payload of up to three octets makes a detector read past it") {
  for (const VideoCodec codec : {VideoCodec::vp8, VideoCodec::vp9, VideoCodec::h264, VideoCodec::av1}) {
    for (std::uint32_t value = 0; value < 0x1'0000; ++value) {
      const Payload payload{static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value), 0xff};
      for (std::size_t size = 0; size <= payload.size(); ++size) {
        // A copy of exactly that size, so that the address sanitizer sees the end.
        const Payload exact{payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(size)};
        static_cast<void>(is_keyframe(codec, exact, std::nullopt));
      }
    }
  }
}

}  // namespace
}  // namespace sluice
