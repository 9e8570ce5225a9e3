#include "core/media/rtp/rtp_packet.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

namespace sluice {
namespace {

using Packet = std::vector<std::uint8_t>;

// A header without CSRCs; `flags` is the first octet. What follows is the test's business.
Packet header(std::uint8_t flags, const Packet& rest = {}) {
  Packet packet{flags, 0xe0,               // M = 1, PT = 96
                0xff,  0xfe,               // sequence 65534
                0x01,  0x02, 0x03, 0x04,   // timestamp
                0xca,  0xfe, 0xba, 0xbe};  // SSRC
  std::ranges::copy(rest, std::back_inserter(packet));
  return packet;
}

struct Element {
  int id;
  std::string data;
  friend bool operator==(const Element&, const Element&) = default;
};

std::vector<Element> elements_of(const RtpPacketView& packet) {
  std::vector<Element> elements;
  for (const ExtensionElement& element : packet.extensions()) {
    elements.push_back({element.id, {element.data.begin(), element.data.end()}});
  }
  return elements;
}

TEST_CASE("the smallest packet is a fixed header") {
  const Packet bytes = header(0x80);
  const auto packet = RtpPacketView::parse(bytes);
  REQUIRE(packet.has_value());
  CHECK(packet->marker());
  CHECK(packet->payload_type() == PayloadType{96});
  CHECK(packet->sequence() == RtpSequence{65534});
  CHECK(packet->timestamp() == RtpTimestamp{0x01020304});
  CHECK(packet->ssrc() == Ssrc{0xcafebabe});
  CHECK(packet->csrcs().empty());
  CHECK(packet->header_size() == 12);
  CHECK(packet->payload().empty());
  CHECK(packet->padding_size() == 0);
  CHECK(elements_of(*packet).empty());
}

TEST_CASE("a packet with everything is read field by field") {
  const Packet bytes{
      0xb2,                    // V = 2, P = 1, X = 1, CC = 2
      0x6f,                    // M = 0, PT = 111
      0x00, 0x01,              // sequence 1
      0x00, 0x00, 0x03, 0xc0,  // timestamp 960
      0x11, 0x22, 0x33, 0x44,  // SSRC
      0x00, 0x00, 0x00, 0x07,  // CSRC 7
      0x00, 0x00, 0x00, 0x09,  // CSRC 9
      0xbe, 0xde, 0x00, 0x03,  // one-byte form, 3 words
      0x10, 0xaa,              // id 1, 1 byte
      0x00, 0x00,              // padding between elements
      0x32, 'm',  'i',  'd',   // id 3, 3 bytes
      0xe1, 0x01, 0x02,        // id 14, 2 bytes
      0x00,                    // padding
      'p',  'a',  'y',         // payload
      0x00, 0x00, 0x03,        // padding of 3
  };
  const auto packet = RtpPacketView::parse(bytes);
  REQUIRE(packet.has_value());
  CHECK(!packet->marker());
  CHECK(packet->payload_type() == PayloadType{111});
  CHECK(packet->csrcs().size() == 2);
  CHECK(packet->csrcs()[0] == Ssrc{7});
  CHECK(packet->csrcs()[1] == Ssrc{9});
  CHECK(packet->header_size() == 36);
  CHECK(packet->padding_size() == 3);
  CHECK(std::string{packet->payload().begin(), packet->payload().end()} == "pay");
  CHECK(elements_of(*packet) == std::vector<Element>{{1, "\xaa"}, {3, "mid"}, {14, "\x01\x02"}});
  CHECK(packet->extension(3)->size() == 3);
  CHECK(!packet->extension(2).has_value());
}

TEST_CASE("two-byte elements may be empty, long, and carry any id") {
  const Packet bytes = header(0x90, {0x10, 0x05, 0x00, 0x03,   // two-byte form, appbits 5
                                     0x0f, 0x01, 'a',          // id 15 is an ordinary id here
                                     0x00,                     // padding
                                     0xff, 0x00,               // id 255, empty
                                     0x10, 0x04, 1, 2, 3, 4})  // id 16, 4 bytes
      ;
  const auto packet = RtpPacketView::parse(bytes);
  REQUIRE(packet.has_value());
  CHECK(elements_of(*packet) == std::vector<Element>{{15, "a"}, {255, ""}, {16, "\x01\x02\x03\x04"}});
  CHECK(packet->extensions().form() == ExtensionForm::two_byte);
}

TEST_CASE("in the one-byte form id 15 ends the elements, and its length is not looked at") {
  const Packet bytes = header(0x90, {0xbe, 0xde, 0x00, 0x01,   //
                                     0x10, 'a', 0xff, 0xee});  // id 15 with 16 bytes that are not there
  const auto packet = RtpPacketView::parse(bytes);
  REQUIRE(packet.has_value());
  CHECK(elements_of(*packet) == std::vector<Element>{{1, "a"}});
}

TEST_CASE("in the one-byte form id 0 with a length ends the elements") {
  const Packet bytes = header(0x90, {0xbe, 0xde, 0x00, 0x02, 0x10, 'a', 0x03, 0, 0, 0, 0, 0});
  const auto packet = RtpPacketView::parse(bytes);
  REQUIRE(packet.has_value());
  CHECK(elements_of(*packet) == std::vector<Element>{{1, "a"}});
}

TEST_CASE("an extension block of another profile is stepped over") {
  const Packet bytes = header(0x90, {0x12, 0x34, 0x00, 0x01, 0xff, 0xff, 0xff, 0xff, 'x'});
  const auto packet = RtpPacketView::parse(bytes);
  REQUIRE(packet.has_value());
  CHECK(elements_of(*packet).empty());
  CHECK(packet->payload().size() == 1);
}

TEST_CASE("a packet of padding alone has an empty payload") {
  const Packet bytes = header(0xa0, {0, 0, 0, 4});
  const auto packet = RtpPacketView::parse(bytes);
  REQUIRE(packet.has_value());
  CHECK(packet->payload().empty());
  CHECK(packet->padding_size() == 4);
}

TEST_CASE("malformed packets are refused with the reason") {
  struct Case {
    std::string what;
    Packet bytes;
    RtpError error;
  };
  const std::array cases{
      Case{"nothing", {}, RtpError::truncated},
      Case{"one octet", {0x80}, RtpError::truncated},
      Case{"CSRCs that are not there", header(0x81, {0, 0, 0}), RtpError::truncated},
      Case{"15 CSRCs that are not there", header(0x8f), RtpError::truncated},
      Case{"version 0", header(0x00), RtpError::bad_version},
      Case{"version 1", header(0x40), RtpError::bad_version},
      Case{"version 3", header(0xc0), RtpError::bad_version},
      Case{"X without a block", header(0x90), RtpError::bad_extension},
      Case{"half a block header", header(0x90, {0xbe, 0xde, 0x00}), RtpError::bad_extension},
      Case{"a block one word too long", header(0x90, {0xbe, 0xde, 0x00, 0x02, 0, 0, 0, 0}), RtpError::bad_extension},
      Case{"a block of 65535 words", header(0x90, {0xbe, 0xde, 0xff, 0xff, 0, 0, 0, 0}), RtpError::bad_extension},
      Case{"a one-byte element past the block", header(0x90, {0xbe, 0xde, 0x00, 0x01, 0x13, 1, 2, 3, 4, 5}),
           RtpError::bad_extension},
      Case{"a one-byte header as the last octet", header(0x90, {0xbe, 0xde, 0x00, 0x01, 0, 0, 0, 0x10}),
           RtpError::bad_extension},
      Case{"a two-byte element past the block", header(0x90, {0x10, 0x00, 0x00, 0x01, 1, 3, 0, 0, 9}),
           RtpError::bad_extension},
      Case{"a two-byte element without its length", header(0x90, {0x10, 0x00, 0x00, 0x01, 0, 0, 0, 7}),
           RtpError::bad_extension},
      Case{"P without a body", header(0xa0), RtpError::bad_padding},
      Case{"padding of 0", header(0xa0, {1, 2, 0}), RtpError::bad_padding},
      Case{"padding longer than the body", header(0xa0, {1, 2, 4}), RtpError::bad_padding},
      Case{"padding that reaches into the extension", header(0xb0, {0xbe, 0xde, 0x00, 0x01, 0, 0, 0, 0, 2}),
           RtpError::bad_padding},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    const auto packet = RtpPacketView::parse(each.bytes);
    REQUIRE(!packet.has_value());
    CHECK(packet.error() == each.error);
  }
}

TEST_CASE("every truncation of a header is refused") {
  const Packet whole = header(0x91, {0, 0, 0, 7, 0xbe, 0xde, 0x00, 0x01, 0x12, 'm', 'i', 'd'});
  CHECK(RtpPacketView::parse(whole).has_value());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(!RtpPacketView::parse(Bytes{whole}.first(size)).has_value());
  }
}

}  // namespace
}  // namespace sluice
