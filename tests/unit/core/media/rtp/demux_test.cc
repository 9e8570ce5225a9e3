#include "core/media/rtp/demux.h"

#include <doctest/doctest.h>

#include <array>
#include <string_view>
#include <vector>

#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/rtp_writer.h"

namespace sluice {
namespace {

constexpr std::uint8_t kMidId = 4;
constexpr std::uint8_t kRidId = 10;
constexpr std::uint8_t kRepairedRidId = 11;
constexpr PayloadType kVideo{96};
constexpr PayloadType kVideoRtx{97};

HeaderExtensionMap negotiated() {
  HeaderExtensionMap map;
  REQUIRE(map.add(HeaderExtension::mid, kMidId).has_value());
  REQUIRE(map.add(HeaderExtension::rid, kRidId).has_value());
  REQUIRE(map.add(HeaderExtension::repaired_rid, kRepairedRidId).has_value());
  return map;
}

struct Arrival {
  std::uint32_t ssrc;
  std::string_view mid = {};
  std::string_view rid = {};
  std::string_view repaired_rid = {};
  PayloadType payload_type = kVideo;
};

Bytes as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::optional<DemuxMatch> find(RtpDemuxer& demuxer, const Arrival& arrival) {
  std::vector<ExtensionElement> elements;
  if (!arrival.mid.empty()) elements.push_back({kMidId, as_bytes(arrival.mid)});
  if (!arrival.rid.empty()) elements.push_back({kRidId, as_bytes(arrival.rid)});
  if (!arrival.repaired_rid.empty()) elements.push_back({kRepairedRidId, as_bytes(arrival.repaired_rid)});
  std::array<std::uint8_t, 128> buffer{};
  const auto size = write_rtp(buffer, {.payload_type = arrival.payload_type, .ssrc = Ssrc{arrival.ssrc}}, elements, {});
  REQUIRE(size.has_value());
  return demuxer.find(RtpPacketView::parse(Bytes{buffer}.first(*size)).value());
}

StreamDescription labelled(std::uint32_t id, std::string_view mid, std::string_view rid = {}) {
  StreamDescription description{.stream = StreamId{id}};
  description.mid = Mid::from(mid);
  description.rid = Rid::from(rid);
  description.rtx_payload_types.set(kVideoRtx.value());
  return description;
}

constexpr DemuxMatch learnt(std::uint32_t id, StreamPart part) {
  return {.stream = StreamId{id}, .part = part, .newly_learnt = true};
}
constexpr DemuxMatch known(std::uint32_t id, StreamPart part) { return {.stream = StreamId{id}, .part = part}; }

TEST_CASE("declared SSRCs find their stream and its part") {
  RtpDemuxer demuxer{negotiated()};
  CHECK(demuxer.add({.stream = StreamId{1}, .ssrc = Ssrc{100}, .rtx_ssrc = Ssrc{101}}).has_value());
  CHECK(demuxer.add({.stream = StreamId{2}, .ssrc = Ssrc{50}}).has_value());
  CHECK(find(demuxer, {.ssrc = 100}) == known(1, StreamPart::media));
  CHECK(find(demuxer, {.ssrc = 101}) == known(1, StreamPart::rtx));
  CHECK(find(demuxer, {.ssrc = 50, .mid = "whatever"}) == known(2, StreamPart::media));
  CHECK(!find(demuxer, {.ssrc = 102}).has_value());
  CHECK(demuxer.unknown_packets() == 1);
}

TEST_CASE("a mid teaches the SSRC, which then suffices") {
  RtpDemuxer demuxer{negotiated()};
  REQUIRE(demuxer.add(labelled(1, "0")).has_value());
  CHECK(find(demuxer, {.ssrc = 5, .mid = "0"}) == learnt(1, StreamPart::media));
  CHECK(find(demuxer, {.ssrc = 5}) == known(1, StreamPart::media));
  CHECK(demuxer.find(Ssrc{5}) == known(1, StreamPart::media));

  SUBCASE("retransmissions are told apart by payload type") {
    CHECK(find(demuxer, {.ssrc = 6, .mid = "0", .payload_type = kVideoRtx}) == learnt(1, StreamPart::rtx));
    CHECK(find(demuxer, {.ssrc = 5}) == known(1, StreamPart::media));
    CHECK(find(demuxer, {.ssrc = 6}) == known(1, StreamPart::rtx));
  }
  SUBCASE("the latest SSRC replaces the one before") {
    CHECK(find(demuxer, {.ssrc = 7, .mid = "0"}) == learnt(1, StreamPart::media));
    CHECK(!find(demuxer, {.ssrc = 5}).has_value());
    CHECK(find(demuxer, {.ssrc = 7}) == known(1, StreamPart::media));
  }
  SUBCASE("another mid is unknown") { CHECK(!find(demuxer, {.ssrc = 8, .mid = "1"}).has_value()); }
}

TEST_CASE("encodings of simulcast are told apart by rid and repaired-rid") {
  RtpDemuxer demuxer{negotiated()};
  REQUIRE(demuxer.add(labelled(1, "0", "lo")).has_value());
  REQUIRE(demuxer.add(labelled(2, "0", "hi")).has_value());
  REQUIRE(demuxer.add(labelled(3, "1", "hi")).has_value());
  CHECK(find(demuxer, {.ssrc = 10, .mid = "0", .rid = "lo"}) == learnt(1, StreamPart::media));
  CHECK(find(demuxer, {.ssrc = 20, .mid = "0", .rid = "hi"}) == learnt(2, StreamPart::media));
  CHECK(find(demuxer, {.ssrc = 21, .mid = "0", .repaired_rid = "hi"}) == learnt(2, StreamPart::rtx));
  CHECK(find(demuxer, {.ssrc = 30, .mid = "1", .rid = "hi"}) == learnt(3, StreamPart::media));
  CHECK(find(demuxer, {.ssrc = 11, .repaired_rid = "lo"}) == learnt(1, StreamPart::rtx));  // unique without a mid

  CHECK(!find(demuxer, {.ssrc = 40, .rid = "hi"}).has_value());                // two streams have it
  CHECK(!find(demuxer, {.ssrc = 40, .mid = "0"}).has_value());                 // which encoding?
  CHECK(!find(demuxer, {.ssrc = 40, .mid = "0", .rid = "mid"}).has_value());   // no such rid
  CHECK(!find(demuxer, {.ssrc = 40, .mid = "2", .rid = "lo"}).has_value());    // no such mid
  CHECK(!find(demuxer, {.ssrc = 40, .mid = "a b", .rid = "lo"}).has_value());  // not a legal mid
  CHECK(demuxer.unknown_packets() == 5);
}

TEST_CASE("extensions that were not negotiated teach nothing") {
  RtpDemuxer demuxer;
  REQUIRE(demuxer.add(labelled(1, "0")).has_value());
  CHECK(!find(demuxer, {.ssrc = 5, .mid = "0"}).has_value());
  demuxer.set_extensions(negotiated());
  CHECK(find(demuxer, {.ssrc = 5, .mid = "0"}).has_value());
}

TEST_CASE("a flood of SSRCs under one mid does not grow the table") {
  RtpDemuxer demuxer{negotiated()};
  REQUIRE(demuxer.add(labelled(1, "0")).has_value());
  REQUIRE(demuxer.add({.stream = StreamId{2}, .ssrc = Ssrc{0xffff'ffff}}).has_value());
  for (std::uint32_t ssrc = 1; ssrc < 5'000; ++ssrc) {
    CHECK(find(demuxer, {.ssrc = ssrc, .mid = "0"}) == learnt(1, StreamPart::media));
  }
  CHECK(!demuxer.find(Ssrc{4'998}).has_value());
  CHECK(demuxer.find(Ssrc{4'999}).has_value());
  CHECK(demuxer.find(Ssrc{0xffff'ffff}) == known(2, StreamPart::media));
}

TEST_CASE("a declared SSRC takes over one that another stream had learnt") {
  RtpDemuxer demuxer{negotiated()};
  REQUIRE(demuxer.add(labelled(1, "0")).has_value());
  CHECK(find(demuxer, {.ssrc = 5, .mid = "0"}).has_value());
  REQUIRE(demuxer.add({.stream = StreamId{2}, .ssrc = Ssrc{5}}).has_value());
  CHECK(find(demuxer, {.ssrc = 5}) == known(2, StreamPart::media));
}

TEST_CASE("a removed stream takes its SSRCs along") {
  RtpDemuxer demuxer{negotiated()};
  REQUIRE(demuxer.add(labelled(1, "0")).has_value());
  CHECK(find(demuxer, {.ssrc = 5, .mid = "0"}).has_value());
  demuxer.remove(StreamId{1});
  demuxer.remove(StreamId{77});
  CHECK(!find(demuxer, {.ssrc = 5, .mid = "0"}).has_value());
  CHECK(demuxer.add(labelled(9, "0")).has_value());
  CHECK(find(demuxer, {.ssrc = 5, .mid = "0"}) == learnt(9, StreamPart::media));
}

TEST_CASE("descriptions that could not be told apart are refused") {
  RtpDemuxer demuxer{negotiated()};
  REQUIRE(demuxer.add(labelled(1, "0", "lo")).has_value());
  REQUIRE(demuxer.add({.stream = StreamId{2}, .ssrc = Ssrc{1}, .rtx_ssrc = Ssrc{2}}).has_value());

  CHECK(demuxer.add({.stream = StreamId{3}}).error() == DemuxError::no_identity);
  CHECK(demuxer.add({.stream = StreamId{2}, .ssrc = Ssrc{9}}).error() == DemuxError::stream_exists);
  CHECK(demuxer.add({.stream = StreamId{3}, .ssrc = Ssrc{2}}).error() == DemuxError::ssrc_taken);
  CHECK(demuxer.add({.stream = StreamId{3}, .ssrc = Ssrc{9}, .rtx_ssrc = Ssrc{1}}).error() == DemuxError::ssrc_taken);
  CHECK(demuxer.add({.stream = StreamId{3}, .ssrc = Ssrc{9}, .rtx_ssrc = Ssrc{9}}).error() == DemuxError::ssrc_taken);
  CHECK(demuxer.add(labelled(3, "0", "lo")).error() == DemuxError::ambiguous_label);
  CHECK(demuxer.add(labelled(3, "0")).error() == DemuxError::ambiguous_label);
  CHECK(demuxer.add(labelled(3, "0", "hi")).has_value());
}

TEST_CASE("the number of streams is bounded") {
  RtpDemuxer demuxer;
  for (std::uint32_t id = 0; id < RtpDemuxer::kMaxStreams; ++id) {
    REQUIRE(demuxer.add({.stream = StreamId{id}, .ssrc = Ssrc{id}}).has_value());
  }
  CHECK(demuxer.add({.stream = StreamId{9'999}, .ssrc = Ssrc{9'999}}).error() == DemuxError::full);
}

}  // namespace
}  // namespace sluice
