// 3GPP TS 26.114 section 7.4.5 in header extensions of RFC 8285.
#include <doctest/doctest.h>

#include <random>

#include "assemble.h"

namespace sluice::media {
namespace {

constexpr std::uint8_t kId = 13;
constexpr std::uint16_t kOneByteHeaders = 0xbede;
constexpr std::uint16_t kTwoByteHeaders = 0x1000;

/// RFC 3550 section 5.3.1, filled up with padding.
Blob with_extension(Blob packet, std::uint16_t profile, Blob elements) {
  constexpr std::ptrdiff_t kFixedHeader = 12;
  elements.resize((elements.size() + 3) / 4 * 4);
  const std::size_t words = elements.size() / 4;
  const Blob header{static_cast<std::uint8_t>(profile >> 8), static_cast<std::uint8_t>(profile),
                    static_cast<std::uint8_t>(words >> 8), static_cast<std::uint8_t>(words)};
  packet[0] |= 0x10;
  const Blob extension = header + elements;
  packet.insert(packet.begin() + kFixedHeader, extension.begin(), extension.end());
  return packet;
}

Blob oriented(const Blob& packet, std::uint8_t octet) {
  return with_extension(packet, kOneByteHeaders, {kId << 4, octet});
}

/// Frames of three packets each, the first one a key frame.
struct Phone {
  std::vector<Blob> frame() {
    const bool key = count == 0;
    return sender.packets(count++ * 3'000, vp8_payloads(vp8_frame(key, 2'500, 1)));
  }
  /// As it is sent: the last packet tells.
  std::vector<Blob> frame(std::uint8_t octet) {
    std::vector<Blob> packets = frame();
    packets.back() = oriented(packets.back(), octet);
    return packets;
  }
  RtpSender sender{65'534};
  std::uint32_t count = 0;
};

using Turns = std::vector<std::optional<Turn>>;

Turns turns_of(const std::vector<RtpFrame>& frames) {
  Turns out;
  for (const RtpFrame& frame : frames) out.push_back(frame.turn);
  return out;
}

FrameAssembler reading_turns() { return FrameAssembler{{.codec = Codec::vp8, .orientation_id = kId}}; }

/// Of one frame whose last packet has this extension.
std::optional<Turn> turn_by_extension(std::uint16_t profile, const Blob& elements) {
  FrameAssembler assembler = reading_turns();
  std::vector<Blob> packets = Phone{}.frame();
  packets.back() = with_extension(packets.back(), profile, elements);
  insert(assembler, packets);
  const auto frames = drain(assembler);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].data == vp8_frame(true, 2'500, 1));
  return frames[0].turn;
}

}  // namespace

TEST_CASE("the rotation is turned back, clockwise; camera and flip do not matter") {
  constexpr std::array<Turn, 4> kTurns{Turn::none, Turn::quarter, Turn::half, Turn::three_quarters};
  for (std::uint8_t octet = 0; octet < 16; ++octet) {
    CAPTURE(int{octet});
    CHECK(turn_by_extension(kOneByteHeaders, {kId << 4, octet}) == kTurns.at(octet & 3));
    CHECK(turn_by_extension(kTwoByteHeaders, {kId, 1, octet}) == kTurns.at(octet & 3));
  }
}

TEST_CASE("the orientation is found among other elements and padding") {
  CHECK(turn_by_extension(kOneByteHeaders, {0x12, 7, 7, 7, 0, kId << 4, 1}) == Turn::quarter);
  CHECK(turn_by_extension(kTwoByteHeaders, {1, 3, 7, 7, 7, 2, 0, 0, 0, kId, 1, 2}) == Turn::half);
  CHECK(turn_by_extension(kTwoByteHeaders | 0x000f, {kId, 1, 3}) == Turn::three_quarters);
  CHECK(!turn_by_extension(kOneByteHeaders, {0x10, 1}));
  CHECK(!turn_by_extension(0x1234, {kId << 4, 1}));
}

TEST_CASE("an extension that cannot be read costs no frame") {
  CHECK(!turn_by_extension(kOneByteHeaders, {}));
  CHECK(!turn_by_extension(kOneByteHeaders, {0, 0, 0, kId << 4}));         // nothing follows
  CHECK(!turn_by_extension(kOneByteHeaders, {kId << 4 | 1, 1, 1}));        // two octets
  CHECK(!turn_by_extension(kOneByteHeaders, {0x1f, 7, kId << 4, 1}));      // longer than there is
  CHECK(!turn_by_extension(kOneByteHeaders, {0xf0, 7, kId << 4, 1}));      // RFC 8285 section 4.2: 15 ends it
  CHECK(!turn_by_extension(kOneByteHeaders, {0x01, 7, 7, kId << 4, 1}));   // section 4.1.2: so does 0 with a length
  CHECK(!turn_by_extension(kTwoByteHeaders, {kId, 0}));                    // no octet
  CHECK(!turn_by_extension(kTwoByteHeaders, {kId, 255, 1, 1}));            // longer than there is
  CHECK(!turn_by_extension(kTwoByteHeaders, {1, 255, kId, 1, 1}));         // likewise
  CHECK(!turn_by_extension(kTwoByteHeaders, {7, 5, 1, 1, 1, 1, 1, kId}));  // its length is missing
  std::mt19937 random{5};
  for (int i = 0; i < 2'000; ++i) {
    Blob elements(random() % 24);
    for (std::uint8_t& octet : elements) octet = static_cast<std::uint8_t>(random());
    (void)turn_by_extension(i % 2 == 0 ? kOneByteHeaders : kTwoByteHeaders, elements);
  }
}

TEST_CASE("a turn is kept for frames that tell none, until the sender tells another") {
  Phone phone;
  std::vector<Blob> packets;
  for (const auto& frame : {phone.frame(1), phone.frame(), phone.frame(), phone.frame(0), phone.frame()}) {
    packets.insert(packets.end(), frame.begin(), frame.end());
  }
  const Turns expected{Turn::quarter, Turn::quarter, Turn::quarter, Turn::none, Turn::none};

  SUBCASE("in order") {
    FrameAssembler assembler = reading_turns();
    insert(assembler, packets);
    CHECK(turns_of(drain(assembler)) == expected);
  }
  SUBCASE("in any order") {
    std::ranges::shuffle(packets, std::mt19937{7});
    FrameAssembler assembler = reading_turns();
    insert(assembler, packets);
    CHECK(turns_of(drain(assembler)) == expected);
  }
  SUBCASE("nobody asks") { CHECK(turns_of(assemble(Codec::vp8, packets)) == Turns(5)); }
}

TEST_CASE("the last packet of a frame that tells a turn is believed") {
  Phone phone;
  auto packets = phone.frame(2);
  packets[0] = oriented(packets[0], 1);
  FrameAssembler assembler = reading_turns();
  insert(assembler, packets);
  CHECK(turns_of(drain(assembler)) == Turns{Turn::half});

  auto next = phone.frame();
  next[0] = oriented(next[0], 3);
  insert(assembler, next);
  CHECK(turns_of(drain(assembler)) == Turns{Turn::three_quarters});
}

TEST_CASE("before the sender has told a turn there is none, and none after a reset") {
  Phone phone;
  FrameAssembler assembler = reading_turns();
  insert(assembler, phone.frame());
  insert(assembler, phone.frame(1));
  CHECK(turns_of(drain(assembler)) == Turns{std::nullopt, Turn::quarter});
  assembler.reset();
  insert(assembler, Phone{}.frame());
  CHECK(turns_of(drain(assembler)) == Turns{std::nullopt});
}

TEST_CASE("a turn that comes with a jump of the numbers is not forgotten") {
  Phone phone;
  FrameAssembler assembler = reading_turns();
  insert(assembler, phone.frame(1));
  CHECK(drain(assembler).size() == 1);
  phone.sender.skip(20'000);
  phone.count = 0;
  const auto payloads = vp8_payloads(vp8_frame(true, 500, 1));
  const Blob only = oriented(phone.sender.packets(9'000, payloads)[0], 2);
  insert(assembler, {only});  // waits for a second packet to confirm it
  for (const Blob& packet : phone.sender.packets(12'000, payloads)) assembler.insert(packet, kStart);
  CHECK(turns_of(drain(assembler)) == Turns{Turn::half, Turn::half});
}

}  // namespace sluice::media
