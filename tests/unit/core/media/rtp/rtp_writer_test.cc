#include "core/media/rtp/rtp_writer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/media/rtp/rtx.h"

namespace sluice {
namespace {

constexpr std::array<std::uint8_t, 3> kPayload{'p', 'a', 'y'};
constexpr std::array<std::uint8_t, 17> kLong{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};

RtpHeader sample_header() {
  return {.marker = true,
          .payload_type = PayloadType{96},
          .sequence = RtpSequence{0x1234},
          .timestamp = RtpTimestamp{0xdeadbeef},
          .ssrc = Ssrc{0x01020304}};
}

bool same(Bytes a, Bytes b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

TEST_CASE("a packet is written octet by octet as RFC 3550 and RFC 8285 draw it") {
  const std::array<std::uint8_t, 4> csrc{0, 0, 0, 9};
  const std::array<std::uint8_t, 2> level_and_more{0x85, 0x01};
  RtpHeader header = sample_header();
  header.csrcs = CsrcList{csrc};
  const std::array elements{ExtensionElement{.id = 5, .data = level_and_more}};

  std::array<std::uint8_t, 64> out{};
  const auto size = write_rtp(out, header, elements, kPayload, 2);
  REQUIRE(size.has_value());
  const std::vector<std::uint8_t> expected{
      0xb1, 0xe0, 0x12, 0x34,  // V = 2, P, X, CC = 1; M, PT 96; sequence
      0xde, 0xad, 0xbe, 0xef,  // timestamp
      0x01, 0x02, 0x03, 0x04,  // SSRC
      0x00, 0x00, 0x00, 0x09,  // CSRC
      0xbe, 0xde, 0x00, 0x01,  // one-byte form, one word
      0x51, 0x85, 0x01, 0x00,  // id 5, 2 bytes; padding
      'p',  'a',  'y',  0x00, 0x02,
  };
  CHECK(same(Bytes{out}.first(*size), expected));
}

TEST_CASE("the form of the extensions follows from what they need") {
  struct Case {
    std::uint8_t id;
    std::size_t size;
    ExtensionForm form;
  };
  for (const Case& each : {Case{1, 1, ExtensionForm::one_byte}, Case{14, 16, ExtensionForm::one_byte},
                           Case{1, 17, ExtensionForm::two_byte}, Case{1, 0, ExtensionForm::two_byte},
                           Case{15, 1, ExtensionForm::two_byte}, Case{255, 16, ExtensionForm::two_byte}}) {
    CAPTURE(int{each.id});
    CAPTURE(each.size);
    // A neighbour that fits either form must survive in the form that the other one forces.
    const std::array elements{ExtensionElement{.id = 2, .data = kPayload},
                              ExtensionElement{.id = each.id, .data = Bytes{kLong}.first(each.size)}};
    std::array<std::uint8_t, 64> out{};
    const auto size = write_rtp(out, sample_header(), elements, kPayload);
    REQUIRE(size.has_value());
    const auto packet = RtpPacketView::parse(Bytes{out}.first(*size));
    REQUIRE(packet.has_value());
    CHECK(packet->extensions().form() == each.form);
    CHECK(same(packet->extension(2).value(), kPayload));
    CHECK(same(packet->extension(each.id).value(), Bytes{kLong}.first(each.size)));
    CHECK(same(packet->payload(), kPayload));
    CHECK(packet->header_size() % 4 == 0);
  }
}

TEST_CASE("what no packet can say is refused") {
  std::array<std::uint8_t, 512> out{};
  const std::array<std::uint8_t, 256> too_long{};
  RtpHeader header = sample_header();

  CHECK(write_rtp(out, header, std::array{ExtensionElement{.id = 0, .data = kPayload}}, {}).error() ==
        RtpError::bad_extension_id);
  CHECK(write_rtp(out, header, std::array{ExtensionElement{.id = 1, .data = too_long}}, {}).error() ==
        RtpError::bad_extension_id);
  header.payload_type = PayloadType{128};
  CHECK(write_rtp(out, header, {}, {}).error() == RtpError::bad_payload_type);
}

TEST_CASE("a buffer one octet too small is refused, one that fits is filled") {
  const std::array elements{ExtensionElement{.id = 1, .data = kPayload}};
  std::array<std::uint8_t, 64> out{};
  const std::size_t needed = write_rtp(out, sample_header(), elements, kPayload, 4).value();
  CHECK(needed == 12 + 4 + 4 + 3 + 4);
  CHECK(write_rtp(MutableBytes{out}.first(needed), sample_header(), elements, kPayload, 4).has_value());
  for (std::size_t size = 0; size < needed; ++size) {
    CHECK(write_rtp(MutableBytes{out}.first(size), sample_header(), elements, kPayload, 4).error() ==
          RtpError::buffer_too_small);
  }
}

TEST_CASE("fields are patched in place, each without touching its neighbours") {
  std::array<std::uint8_t, 64> out{};
  const MutableBytes packet = MutableBytes{out}.first(write_rtp(out, sample_header(), {}, kPayload).value());
  set_sequence(packet, RtpSequence{65535});
  set_timestamp(packet, RtpTimestamp{0});
  set_ssrc(packet, Ssrc{0xffffffff});
  set_payload_type(packet, PayloadType{127});
  CHECK(RtpPacketView::parse(packet)->marker());
  set_marker(packet, false);

  const auto view = RtpPacketView::parse(packet);
  REQUIRE(view.has_value());
  CHECK(!view->marker());
  CHECK(view->payload_type() == PayloadType{127});
  CHECK(view->sequence() == RtpSequence{65535});
  CHECK(view->timestamp() == RtpTimestamp{0});
  CHECK(view->ssrc() == Ssrc{0xffffffff});
  CHECK(same(view->payload(), kPayload));
}

TEST_CASE("an extension is overwritten in place") {
  std::array<std::uint8_t, 64> out{};
  const std::array elements{ExtensionElement{.id = 3, .data = kPayload}, ExtensionElement{.id = 4, .data = kPayload}};
  const MutableBytes packet = MutableBytes{out}.first(write_rtp(out, sample_header(), elements, kPayload).value());

  const auto element = mutable_extension(packet, 4);
  REQUIRE(element.has_value());
  std::fill(element->begin(), element->end(), std::uint8_t{0x7f});
  CHECK(same(RtpPacketView::parse(packet)->extension(4).value(), std::array<std::uint8_t, 3>{0x7f, 0x7f, 0x7f}));
  CHECK(same(RtpPacketView::parse(packet)->extension(3).value(), kPayload));
  CHECK(!mutable_extension(packet, 5).has_value());
  CHECK(!mutable_extension(packet.first(11), 4).has_value());
}

TEST_CASE("an RTX packet carries the original sequence number in front of the payload") {
  std::array<std::uint8_t, 64> original_bytes{};
  const std::size_t size = write_rtp(original_bytes, sample_header(), {}, kPayload, 3).value();
  const auto original = RtpPacketView::parse(Bytes{original_bytes}.first(size));
  const RtxHeader rtx{.ssrc = Ssrc{99}, .payload_type = PayloadType{97}, .sequence = RtpSequence{7}};
  const std::array elements{ExtensionElement{.id = 1, .data = kPayload}};

  std::array<std::uint8_t, 64> out{};
  const auto rtx_size = write_rtx(out, *original, rtx, elements);
  REQUIRE(rtx_size.has_value());
  const auto packet = RtpPacketView::parse(Bytes{out}.first(*rtx_size));
  REQUIRE(packet.has_value());
  CHECK(packet->ssrc() == Ssrc{99});
  CHECK(packet->payload_type() == PayloadType{97});
  CHECK(packet->sequence() == RtpSequence{7});
  CHECK(packet->timestamp() == original->timestamp());
  CHECK(packet->marker());
  CHECK(packet->padding_size() == 0);
  CHECK(same(packet->payload(), std::array<std::uint8_t, 5>{0x12, 0x34, 'p', 'a', 'y'}));
  CHECK(write_rtx(MutableBytes{out}.first(*rtx_size - 1), *original, rtx, elements).error() ==
        RtpError::buffer_too_small);

  SUBCASE("and gives the original back, in place") {
    const auto restored = restore_from_rtx(MutableBytes{out}.first(*rtx_size),
                                           {.ssrc = original->ssrc(), .payload_type = original->payload_type()});
    REQUIRE(restored.has_value());
    const auto view = RtpPacketView::parse(*restored);
    REQUIRE(view.has_value());
    CHECK(view->ssrc() == original->ssrc());
    CHECK(view->sequence() == original->sequence());
    CHECK(view->payload_type() == original->payload_type());
    CHECK(view->timestamp() == original->timestamp());
    CHECK(view->marker());
    CHECK(same(view->extension(1).value(), kPayload));
    CHECK(same(view->payload(), kPayload));
  }
}

TEST_CASE("an RTX packet is restored without its own padding") {
  const std::array<std::uint8_t, 4> payload{0x00, 0x05, 'x', 'y'};  // OSN 5
  std::array<std::uint8_t, 64> out{};
  const std::size_t size = write_rtp(out, sample_header(), {}, payload, 9).value();
  const auto restored = restore_from_rtx(MutableBytes{out}.first(size), {.ssrc = Ssrc{1}, .payload_type = {}});
  REQUIRE(restored.has_value());
  const auto view = RtpPacketView::parse(*restored);
  REQUIRE(view.has_value());
  CHECK(view->padding_size() == 0);
  CHECK(view->sequence() == RtpSequence{5});
  CHECK(same(view->payload(), std::array<std::uint8_t, 2>{'x', 'y'}));
}

TEST_CASE("a probe on the RTX stream holds no original") {
  std::array<std::uint8_t, 300> out{};
  for (const std::size_t payload_size : {std::size_t{0}, std::size_t{1}}) {
    const std::size_t size = write_rtp(out, sample_header(), {}, Bytes{kPayload}.first(payload_size), 255).value();
    CHECK(restore_from_rtx(MutableBytes{out}.first(size), {}).error() == RtpError::bad_rtx);
  }
  CHECK(restore_from_rtx(MutableBytes{out}.first(5), {}).error() == RtpError::truncated);
}

}  // namespace
}  // namespace sluice
