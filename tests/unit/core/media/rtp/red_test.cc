#include "core/media/rtp/red.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace sluice {
namespace {

using Payload = std::vector<std::uint8_t>;

constexpr PayloadType kOpus{111};

// Two earlier packets of 3 and 2 octets, 1920 and 960 ticks before, and the primary of 4.
Payload three_blocks() {
  return {0x80 | 111, 0x1e, 0x00, 3,  // offset 1920: 01111000000000, length 3
          0x80 | 111, 0x0f, 0x00, 2,  // offset 960
          111,                        //
          1,          2,    3,    4, 5, 6, 7, 8, 9};
}

Payload with_blocks(std::size_t blocks) {
  Payload out;
  for (std::size_t i = 1; i < blocks; ++i) out.insert(out.end(), {0x80 | 111, 0, 0, 0});
  out.insert(out.end(), {111, 42});
  return out;
}

RedError error_of(const Payload& payload) {
  const auto layout = read_red(payload);
  REQUIRE(!layout);
  return layout.error();
}

}  // namespace

// RFC 2198 section 4: DVI4 as the primary, LPC of 14 octets before it.
TEST_CASE("the example of RFC 2198 is read") {
  Payload payload{0x80 | 7, 0x00, 0x00, 14, 5};
  payload.resize(payload.size() + 14, 0xaa);
  payload.resize(payload.size() + 84, 0xbb);
  const auto layout = read_red(payload);
  REQUIRE(layout);
  CHECK(layout->blocks == 2);
  CHECK(layout->primary_at == 5 + 14);
  CHECK(std::ranges::equal(strip_red(payload), Payload(84, 0xbb)));
  CHECK(!is_red_of(PayloadType{5}, payload));  // two codecs in one packet
}

TEST_CASE("what is stripped of its redundancy is the primary block") {
  CHECK(is_red_of(kOpus, three_blocks()));
  CHECK(!is_red_of(PayloadType{110}, three_blocks()));
  CHECK(std::ranges::equal(strip_red(three_blocks()), Payload{6, 7, 8, 9}));
  CHECK(std::ranges::equal(strip_red(Payload{111, 42}), Payload{42}));  // the first of a stream has no earlier ones
}

TEST_CASE("another payload type changes nothing else") {
  Payload payload = three_blocks();
  set_red_payload_type(payload, PayloadType{96});
  Payload expected = three_blocks();
  expected[0] = expected[4] = 0x80 | 96;
  expected[8] = 96;
  CHECK(payload == expected);
  CHECK(is_red_of(PayloadType{96}, payload));
}

TEST_CASE("a length of ten bits is read beside the timestamp offset") {
  Payload payload{0x80 | 111, 0xff, 0xff, 0xff, 111};  // offset 16383, length 1023
  payload.resize(payload.size() + 1023);
  CHECK(error_of(payload) == RedError::no_primary);
  payload.push_back(7);
  CHECK(std::ranges::equal(strip_red(payload), Payload{7}));
}

TEST_CASE("what is cut off is not read, wherever it is cut, and not changed") {
  const Payload whole = three_blocks();
  for (std::size_t size = 0; size < whole.size() - 4; ++size) {
    CAPTURE(size);
    Payload cut{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)};
    CHECK(error_of(cut) == RedError::truncated);
    CHECK(strip_red(cut).empty());
    CHECK(!is_red_of(kOpus, cut));
    const Payload before = cut;
    set_red_payload_type(cut, PayloadType{96});
    CHECK(cut == before);
  }
  CHECK(error_of({whole.begin(), whole.end() - 4}) == RedError::no_primary);
}

TEST_CASE("a packet has so many blocks and no more") {
  CHECK(read_red(with_blocks(kMaxRedBlocks)).value().blocks == kMaxRedBlocks);
  CHECK(error_of(with_blocks(kMaxRedBlocks + 1)) == RedError::too_many_blocks);
  CHECK(error_of(with_blocks(1000)) == RedError::too_many_blocks);
}

}  // namespace sluice
