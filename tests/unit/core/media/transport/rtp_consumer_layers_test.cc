// What a client gets of layered video, octet by octet.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "core/media/rtp/rtx.h"
#include "tests/unit/core/media/layers/descriptor_writer.h"
#include "tests/unit/core/media/rtp/wrap_around_starts.h"
#include "tests/unit/core/media/transport/layered_consumer.h"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using Rtx = LayeredConsumer::Rtx;
using Descriptor = LayeredConsumer::Descriptor;

/// VP8 in three temporal layers, T0 T2 T1 T2: one packet for each picture.
struct Vp8Layers3 {
  explicit Vp8Layers3(LayeredConsumer& to, std::uint16_t start = 0) : call{to}, start_{start} {}

  [[nodiscard]] static std::uint8_t temporal(int index) { return std::array<std::uint8_t, 4>{0, 2, 1, 2}[index % 4]; }
  [[nodiscard]] SourcePacket packet(int index) const {
    const auto number = static_cast<std::uint16_t>(start_ + index);
    return {.sequence = number,
            .timestamp = static_cast<std::uint32_t>(index) * 3000,
            .payload = vp8_payload(number & 0x7fff, static_cast<std::uint8_t>(250 + index / 4), temporal(index),
                                   index % 4 == 1 || index % 4 == 2, index == 0)};
  }
  void send(int index) {
    call.send(packet(index));
    call.now += 33ms;
  }
  LayeredConsumer& call;

 private:
  std::uint16_t start_;
};

/// A key frame or another one of each codec, one packet long, of an encoding of a simulcast.
std::vector<std::uint8_t> payload_of(VideoCodec codec, bool key, std::uint16_t picture) {
  switch (codec) {
    case VideoCodec::vp8:
      return vp8_payload(picture, static_cast<std::uint8_t>(picture), 0, false, key);
    case VideoCodec::vp9:  // I, P, F, B, E; a picture id of 15 bits; P_DIFF 1
      if (key) return {0x9c, static_cast<std::uint8_t>(0x80 | picture >> 8), static_cast<std::uint8_t>(picture), 0xaa};
      return {0xdc, static_cast<std::uint8_t>(0x80 | picture >> 8), static_cast<std::uint8_t>(picture), 0x02, 0xaa};
    case VideoCodec::h264:
      return {static_cast<std::uint8_t>(key ? 0x65 : 0x41), 0x88};
    case VideoCodec::av1:
      return {static_cast<std::uint8_t>(key ? 0x18 : 0x10), 0x0a};
  }
  return {};
}

/// What a client makes of an RTX packet.
std::vector<std::uint8_t> restored(std::vector<std::uint8_t> rtx) {
  const auto original = restore_from_rtx(rtx, {.ssrc = kConsumerSsrc, .payload_type = PayloadType{kConsumerType}});
  REQUIRE(original);
  return {original->begin(), original->end()};
}

}  // namespace

TEST_CASE("VP8 without its upper temporal layers has no gap in sequence, picture id and TL0PICIDX") {
  for (const std::uint16_t start : kWrapAroundStarts) {
    CAPTURE(start);
    LayeredConsumer call{VideoCodec::vp8, 1};
    Vp8Layers3 source{call, start};
    call.consumer.set_target(LayerPosition{0, 1});
    for (int i = 0; i < 40; ++i) source.send(i);
    REQUIRE(call.output.sent.size() == 20);
    for (int i = 0; i < 20; ++i) {
      const auto packet = call.output.packet(static_cast<std::size_t>(i));
      CHECK(packet.sequence() == RtpSequence{static_cast<std::uint16_t>(65'534 + i)});
      CHECK(packet.timestamp() == RtpTimestamp{0xffff'ff00 + static_cast<std::uint32_t>(i) * 6000});
      const Vp8Numbers numbers = vp8_numbers(packet);
      CHECK(numbers.picture == ((start + i) & 0x7fff));
      CHECK(numbers.tl0 == static_cast<std::uint8_t>(250 + i / 2));
      CHECK((numbers.layer & 0x1f) == 5);
    }
    CHECK(call.unchanged);
    CHECK(call.consumer.current_layer() == LayerPosition{0, 1});
  }
}

TEST_CASE("a change of encoding leaves no gap and no step back, with any codec") {
  for (const VideoCodec codec : {VideoCodec::vp8, VideoCodec::vp9, VideoCodec::h264, VideoCodec::av1}) {
    for (const std::uint16_t start : kWrapAroundStarts) {
      CAPTURE(static_cast<int>(codec));
      LayeredConsumer call{codec, 2};
      // One wall clock, two RTP clocks: the second is 500'000 ahead.
      call.source.hear_report(0, {.ntp = NtpTime{std::uint64_t{7} << 32}, .rtp = RtpTimestamp{1000}});
      call.source.hear_report(1, {.ntp = NtpTime{std::uint64_t{7} << 32}, .rtp = RtpTimestamp{501'000}});
      call.consumer.set_target(LayerPosition{0, 7});
      for (std::uint16_t i = 0; i < 12; ++i) {
        if (i == 4) call.consumer.set_target(LayerPosition{1, 7});
        const bool key = i == 0 || i == 6;
        const std::uint32_t at = 9000 + 3000U * i;
        const auto picture = static_cast<std::uint16_t>((start + i) & 0x7fff);
        call.send({.encoding = 0,
                   .sequence = static_cast<std::uint16_t>(start + i),
                   .timestamp = at,
                   .payload = payload_of(codec, key, picture)});
        call.now += 5ms;
        call.send({.encoding = 1,
                   .sequence = static_cast<std::uint16_t>(start * 3 + i),
                   .timestamp = at + 500'000,
                   .payload = payload_of(codec, key, (picture + 77) & 0x7fff)});
        call.now += 28ms;
      }
      // Six and the moment of the change by the first, then the second: the key frame of that moment is one more.
      REQUIRE(call.output.sent.size() == 13);
      for (std::size_t i = 0; i < 13; ++i) {
        CAPTURE(i);
        const auto packet = call.output.packet(i);
        CHECK(packet.sequence() == RtpSequence{static_cast<std::uint16_t>(65'534 + i)});
        const std::uint32_t moment = static_cast<std::uint32_t>(i < 7 ? i : i - 1);
        const std::uint32_t expected = 0xffff'ff00 + moment * 3000 + (i == 7 ? 1 : 0);
        CHECK(packet.timestamp() == RtpTimestamp{expected});
        if (codec == VideoCodec::vp8) CHECK(vp8_numbers(packet).picture == ((start + i) & 0x7fff));
        if (codec == VideoCodec::vp9) {
          CHECK(((packet.payload()[1] & 0x7f) << 8 | packet.payload()[2]) == static_cast<int>((start + i) & 0x7fff));
        }
      }
      CHECK(std::ranges::count(call.source.requests, 1) > 0);
      CHECK(call.unchanged);
    }
  }
}

TEST_CASE("what is sent again as RTX is what was sent") {
  LayeredConsumer call{VideoCodec::vp8, 1, Rtx::yes};
  Vp8Layers3 source{call, 32'760};
  call.consumer.set_target(LayerPosition{0, 1});
  for (int i = 0; i < 20; ++i) source.send(i);
  const auto sent = call.output.sent;
  REQUIRE(sent.size() == 10);
  std::optional<RtpSequence> before;
  for (const auto& original : sent) {
    REQUIRE(call.consumer.retransmit(RtpPacketView::parse(original)->sequence(), kRoundTrip, call.now));
    const auto view = call.output.last();
    CHECK(view.ssrc() == kRtxSsrc);
    CHECK(view.payload_type() == PayloadType{kConsumerRtxType});
    if (before) CHECK(view.sequence() == advance(*before, 1));
    before = view.sequence();
    CHECK(restored(call.output.sent.back()) == original);
  }
  CHECK_FALSE(call.consumer.retransmit(RtpSequence{65'533}, kRoundTrip, call.now));
  CHECK_FALSE(call.consumer.retransmit(RtpSequence{8}, kRoundTrip, call.now));  // not sent yet
  CHECK(call.consumer.retransmitted() == 10);
}

TEST_CASE("what went out of another encoding than the one that is sent now is not sent again") {
  LayeredConsumer call{VideoCodec::vp8, 2, Rtx::yes};
  call.consumer.set_target(LayerPosition{1, 7});
  const auto send = [&](std::uint8_t encoding, std::uint16_t number, bool key) {
    call.send({.encoding = encoding,
               .sequence = number,
               .timestamp = 9000U + number * 3000U,
               .payload = payload_of(VideoCodec::vp8, key, number)});
    call.now += 33ms;
  };
  for (std::uint16_t i = 0; i < 4; ++i) send(1, i, i == 0);
  const RtpSequence before = call.output.last().sequence();
  CHECK(call.consumer.retransmit(before, kRoundTrip, call.now));
  call.consumer.set_target(LayerPosition{0, 7});
  for (std::uint16_t i = 100; i < 104; ++i) send(0, i, i == 100);
  const RtpSequence after = call.output.last().sequence();
  REQUIRE(call.consumer.current_layer()->spatial == 0);
  CHECK_FALSE(call.consumer.retransmit(before, kRoundTrip, call.now));
  CHECK(call.consumer.retransmit(after, kRoundTrip, call.now));
}

TEST_CASE("without RTX the very datagrams go again that left after the first NACK") {
  LayeredConsumer call{VideoCodec::vp8, 1, Rtx::no};
  CHECK_FALSE(call.consumer.keeps_copies());
  CHECK_FALSE(call.consumer.retransmit(RtpSequence{65'533}, kRoundTrip, call.now));
  REQUIRE(call.consumer.keeps_copies());
  const std::vector<std::uint8_t> datagram(100, 0xab);
  call.consumer.keep_copy(datagram, RtpSequence{4}, call.now);
  CHECK(call.consumer.retransmit(RtpSequence{4}, kRoundTrip, call.now));
  CHECK(call.output.sent.back() == datagram);
  CHECK_FALSE(call.consumer.retransmit(RtpSequence{4}, kRoundTrip, call.now));  // within the round trip
  CHECK(call.consumer.retransmitted() == 1);
  call.consumer.release_copies(call.now + SentCopies::kKeptFor);
  CHECK_FALSE(call.consumer.keeps_copies());
}

TEST_CASE("a packet that comes late is sent if its frame was; if not, padding takes the number that was kept for it") {
  Rtx rtx = Rtx::no;
  SUBCASE("with RTX") { rtx = Rtx::yes; }
  SUBCASE("without RTX") {}
  LayeredConsumer call{VideoCodec::vp8, 1, rtx};
  Vp8Layers3 source{call};
  call.consumer.set_target(LayerPosition{0, 1});
  for (const int index : {0, 3, 4, 6, 8}) source.send(index);  // 1 and 5 are of T2, 2 of T1, 7 of T2
  const auto sequence = [&](std::size_t index) { return call.output.packet(index).sequence().value(); };
  REQUIRE(call.output.sent.size() == 4);
  CHECK(sequence(0) == 65'534);
  CHECK(sequence(1) == 1);  // 1 and 2 are missing: nobody knows what they are; 3 is left out
  CHECK(sequence(2) == 3);
  CHECK(sequence(3) == 5);
  source.send(2);
  CHECK(call.output.last().sequence() == RtpSequence{0});
  CHECK(call.output.last().payload().size() == 8);
  source.send(1);
  CHECK(call.output.last().sequence() == RtpSequence{65'535});
  CHECK(call.output.last().payload().empty());
  CHECK(call.output.last().padding_size() == 1);
  CHECK_FALSE(call.output.last().marker());
  // It is not sent a second time under its number: asked for again, RTX says that there is nothing in it.
  CHECK(call.consumer.retransmit(RtpSequence{65'535}, kRoundTrip, call.now) == (rtx == Rtx::yes));
  if (rtx == Rtx::yes) {
    CHECK(call.output.last().ssrc() == kRtxSsrc);
    CHECK(call.output.last().payload().size() == 2);  // the number, 65535
    CHECK(call.output.last().payload()[0] == 0xff);
  }
}

TEST_CASE("VP9 without its upper spatial layer ends its pictures with the marker") {
  LayeredConsumer call{VideoCodec::vp9, 1};
  call.consumer.set_target(LayerPosition{0, 7});
  // I, L, F, B, E, V; picture id 1; TID 0, SID 0; N_S 1. Then S1: P = 0, B, E.
  call.send({.sequence = 1, .timestamp = 0, .marker = false, .payload = {0xbe, 0x01, 0x00, 0x20, 0xaa}});
  call.send({.sequence = 2, .timestamp = 0, .marker = true, .payload = {0xbd, 0x01, 0x03, 0xaa}});
  // The next picture, two packets of S0.
  call.send({.sequence = 3, .timestamp = 3000, .marker = false, .payload = {0xf8, 0x02, 0x00, 0x02, 0xaa}});
  call.send({.sequence = 4, .timestamp = 3000, .marker = false, .payload = {0xf4, 0x02, 0x00, 0x02, 0xaa}});
  call.send({.sequence = 5, .timestamp = 3000, .marker = true, .payload = {0xfd, 0x02, 0x03, 0x02, 0xaa}});
  REQUIRE(call.output.sent.size() == 3);
  CHECK(call.output.packet(0).marker());
  CHECK_FALSE(call.output.packet(1).marker());
  CHECK(call.output.packet(2).marker());
  CHECK(call.output.packet(2).sequence() == RtpSequence{0});
}

TEST_CASE("described packets: layers by the descriptor; the payload is left alone for those who get it, too") {
  for (const Descriptor descriptor : {Descriptor::no, Descriptor::yes}) {
    LayeredConsumer call{VideoCodec::vp8, 1, Rtx::no, descriptor};
    call.consumer.set_target(LayerPosition{0, 0});
    for (std::uint16_t i = 0; i < 6; ++i) {
      const std::uint8_t id = i == 0 ? 0 : i % 2 == 0 ? 1 : 2;
      call.send({.sequence = i,
                 .timestamp = 3000U * i,
                 .payload = vp8_payload(static_cast<std::uint16_t>(100 + i), 0, 0, false, true),
                 .descriptor = i == 0 ? descriptor_with(l1t2(), {}) : descriptor_of({.template_id = id, .frame = i})});
    }
    REQUIRE(call.output.sent.size() == 3);
    CHECK(call.output.packet(2).sequence() == RtpSequence{0});
    CHECK(vp8_numbers(call.output.packet(2)).picture == (descriptor == Descriptor::yes ? 104 : 102));
    CHECK(call.output.packet(2).extension(kDescriptorId).has_value() == (descriptor == Descriptor::yes));
  }
}

TEST_CASE("under loss, reordering and changing targets, every gap is one of the source, and NACKs get what was sent") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    std::mt19937 random{seed};
    LayeredConsumer call{VideoCodec::vp8, 1, Rtx::yes};
    Vp8Layers3 source{call, static_cast<std::uint16_t>(random())};
    std::map<int, std::vector<int>> late;  // by the index behind which they come
    int missing = 0;                       // lost, or still to come
    for (int i = 0; i < 600; ++i) {
      if (random() % 20 == 0) call.consumer.set_target(LayerPosition{0, static_cast<std::uint8_t>(random() % 3)});
      const std::uint32_t fate = i == 0 ? 99 : random() % 100;
      if (fate < 5) {
        ++missing;
      } else if (fate < 15) {
        late[i + 1 + static_cast<int>(random() % 8)].push_back(i);
      } else {
        source.send(i);
      }
      for (const int index : late[i]) source.send(index);
    }
    const auto sent = call.output.sent;
    std::set<std::int64_t> numbers;
    SequenceUnwrapper unwrapper;
    for (const auto& bytes : sent) {
      CHECK(numbers.insert(unwrapper.unwrap(RtpPacketView::parse(bytes)->sequence())).second);  // never one twice
    }
    const std::int64_t gaps = *numbers.rbegin() - *numbers.begin() + 1 - static_cast<std::int64_t>(numbers.size());
    CHECK(gaps <= missing + 8);  // those that were still to come at the end
    CHECK(gaps >= 0);

    call.now += 1ms;
    for (std::size_t back = 1; back <= 5; ++back) {
      const auto& original = sent[sent.size() - back];
      const auto view = RtpPacketView::parse(original);
      const bool media = !view->payload().empty();  // else padding in place of what was not wanted
      const std::size_t before = call.output.sent.size();
      const bool again = call.consumer.retransmit(view->sequence(), kRoundTrip, call.now);
      if (media) REQUIRE(again);
      if (media) CHECK(restored(call.output.sent.at(before)) == original);
    }
  }
}

}  // namespace sluice::test
