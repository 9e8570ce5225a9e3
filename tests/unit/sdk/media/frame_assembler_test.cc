#include "sluice/media/frame_assembler.h"

#include <doctest/doctest.h>

#include <random>

#include "assemble.h"

namespace sluice::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array<std::uint16_t, 16> kFirstNumbers{0,      1,      2,      100,    32'766, 32'767, 32'768, 32'769,
                                                      65'000, 65'500, 65'530, 65'532, 65'533, 65'534, 65'535, 40'000};

/// A call of VP8 frames of three packets each, the first one a key frame.
struct Call {
  explicit Call(std::uint16_t first, std::size_t count = 10, std::uint32_t first_timestamp = 0) : sender{first} {
    for (std::uint32_t i = 0; i < count; ++i) {
      frames.push_back(vp8_frame(i == 0, 2'500, i));
      for (Blob& packet : sender.packets(first_timestamp + i * 3'000, vp8_payloads(frames.back())))
        packets.push_back(std::move(packet));
    }
  }
  RtpSender sender;
  std::vector<Blob> frames;
  std::vector<Blob> packets;
};

void check_whole(const Call& call, const std::vector<RtpFrame>& got) {
  REQUIRE(got.size() == call.frames.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CHECK(got[i].data == call.frames[i]);
    CHECK(got[i].key_frame == (i == 0));
    CHECK(!got[i].after_loss);
  }
}

}  // namespace

TEST_CASE("packets in order become their frames, wherever the numbers begin") {
  for (const std::uint16_t first : kFirstNumbers) {
    const Call call{first};
    check_whole(call, assemble(Codec::vp8, call.packets));
  }
}

TEST_CASE("packets in any order become their frames, wherever the numbers begin") {
  std::mt19937 random{7};
  for (const std::uint16_t first : kFirstNumbers) {
    const Call call{first};
    auto shuffled = call.packets;
    std::ranges::shuffle(shuffled, random);
    check_whole(call, assemble(Codec::vp8, shuffled));
  }
}

TEST_CASE("a packet that comes twice is one") {
  const Call call{65'530};
  FrameAssembler assembler{{.codec = Codec::vp8}};
  std::vector<RtpFrame> got;
  for (const Blob& packet : call.packets) {
    insert(assembler, {packet, packet});  // while it waits
    for (RtpFrame& frame : drain(assembler)) got.push_back(std::move(frame));
    insert(assembler, {packet});  // when it has gone
  }
  check_whole(call, got);
  CHECK(assembler.counters().late == 2 * call.packets.size());
  CHECK(assembler.counters().lost == 0);
}

TEST_CASE("a missing packet is waited for") {
  const Call call{0};
  FrameAssembler assembler{{.codec = Codec::vp8}};
  const Blob missing = call.packets[4];
  for (const Blob& packet : call.packets)
    if (packet != missing) assembler.insert(packet, kStart);
  CHECK(drain(assembler, kStart + milliseconds{799}).size() == 1);
  assembler.insert(missing, kStart + milliseconds{799});
  CHECK(drain(assembler, kStart + milliseconds{799}).size() == 9);
  CHECK(assembler.counters().lost == 0);
}

TEST_CASE("of video nothing follows a loss until a key frame") {
  Call call{0};
  for (Blob& packet : call.sender.packets(30'000, vp8_payloads(vp8_frame(true, 500, 3))))
    call.packets.push_back(packet);
  call.packets.erase(call.packets.begin() + 4);
  FrameAssembler assembler{{.codec = Codec::vp8}};
  insert(assembler, call.packets);
  CHECK(drain(assembler).size() == 1);
  const auto got = drain(assembler, kStart + milliseconds{800});
  REQUIRE(got.size() == 1);
  CHECK(got[0].key_frame);
  CHECK(got[0].after_loss);
  CHECK(got[0].timestamp == 30'000);
  CHECK(assembler.counters().lost == 1);
  CHECK(assembler.counters().frames == 2);
  CHECK(assembler.counters().frames_dropped == 9);
}

TEST_CASE("a packet after its time is counted, and nothing else") {
  const Call call{0};
  FrameAssembler assembler{{.codec = Codec::vp8}};
  for (std::size_t i = 0; i < call.packets.size(); ++i)
    if (i != 4) assembler.insert(call.packets[i], kStart);
  CHECK(drain(assembler, kStart + milliseconds{800}).size() == 1);
  assembler.insert(call.packets[4], kStart + milliseconds{801});
  CHECK(drain(assembler, kStart + milliseconds{801}).empty());
  CHECK(assembler.counters().late == 1);
}

TEST_CASE("each gap is waited for from when it was seen") {
  const Call call{0, 4};
  FrameAssembler assembler{{.codec = Codec::vp8}};
  assembler.insert(call.packets[0], kStart);
  assembler.insert(call.packets[2], kStart);                      // 1 is missing
  assembler.insert(call.packets[4], kStart + milliseconds{500});  // 3, too
  static_cast<void>(drain(assembler, kStart + milliseconds{800}));
  CHECK(assembler.counters().lost == 1);
  static_cast<void>(drain(assembler, kStart + milliseconds{1'299}));
  CHECK(assembler.counters().lost == 1);
  static_cast<void>(drain(assembler, kStart + milliseconds{1'300}));
  CHECK(assembler.counters().lost == 2);
}

TEST_CASE("a key frame is wished for after a loss, and again each second until it comes") {
  Call call{0, 2};
  FrameAssembler assembler{{.codec = Codec::vp8}};
  insert(assembler, {call.packets.begin(), call.packets.begin() + 3});
  CHECK(drain(assembler).size() == 1);
  CHECK(!assembler.take_key_frame_wish(kStart));

  assembler.insert(call.packets[4], kStart);
  CHECK(drain(assembler).empty());
  CHECK(!assembler.take_key_frame_wish(kStart));  // it may come yet
  const Instant lost = kStart + milliseconds{800};
  CHECK(drain(assembler, lost).empty());
  CHECK(assembler.take_key_frame_wish(lost));
  CHECK(!assembler.take_key_frame_wish(lost));
  CHECK(!assembler.take_key_frame_wish(lost + milliseconds{999}));
  CHECK(assembler.take_key_frame_wish(lost + seconds{1}));

  insert(assembler, {call.packets[5]}, lost);
  insert(assembler, call.sender.packets(9'000, vp8_payloads(vp8_frame(true, 100, 1))), lost);
  CHECK(drain(assembler, lost).size() == 1);
  CHECK(!assembler.take_key_frame_wish(lost + seconds{5}));
}

TEST_CASE("video begins with a key frame") {
  RtpSender sender{500};
  FrameAssembler assembler{{.codec = Codec::vp8}};
  insert(assembler, sender.packets(0, vp8_payloads(vp8_frame(false, 100, 1))));
  CHECK(drain(assembler).empty());
  CHECK(assembler.take_key_frame_wish(kStart));
  insert(assembler, sender.packets(3'000, vp8_payloads(vp8_frame(true, 100, 1))));
  CHECK(drain(assembler).size() == 1);
}

TEST_CASE("sound goes on after a loss and says so") {
  RtpSender sender{65'534};
  FrameAssembler assembler{{.codec = Codec::opus, .clock_rate = 48'000}};
  for (std::uint32_t i = 0; i < 5; ++i) {
    const auto packets = sender.packets(i * 960, {Blob{0x78, static_cast<std::uint8_t>(i)}});
    if (i != 2) insert(assembler, packets);
  }
  CHECK(drain(assembler).size() == 2);
  const auto got = drain(assembler, kStart + milliseconds{800});
  REQUIRE(got.size() == 2);
  CHECK(got[0].data == Blob{0x78, 3});
  CHECK(got[0].after_loss);
  CHECK(got[0].key_frame);
  CHECK(got[0].timestamp == 3 * 960);
  CHECK(!got[1].after_loss);
  CHECK(!assembler.take_key_frame_wish(kStart + seconds{9}));
}

TEST_CASE("a packet of sound is a frame with or without marker, be it a single byte") {
  FrameAssembler assembler{{.codec = Codec::opus}};
  assembler.insert(rtp({.sequence = 1, .timestamp = 960, .marker = true}, {0x78, 1, 2}), kStart);
  assembler.insert(rtp({.sequence = 2, .timestamp = 1'920}, {0x78}), kStart);
  const auto got = drain(assembler);
  REQUIRE(got.size() == 2);
  CHECK(got[1].data == Blob{0x78});
}

TEST_CASE("a packet without payload only tells that its number is not missing") {
  RtpSender sender;
  FrameAssembler assembler{{.codec = Codec::vp8}};
  const Blob first = vp8_frame(true, 2'500, 1);
  auto packets = sender.packets(0, vp8_payloads(first));
  const Blob second = vp8_frame(false, 100, 2);
  packets.push_back(rtp({.sequence = 3, .timestamp = 1'234}, {}));
  packets.push_back(rtp({.sequence = 4, .timestamp = 3'000, .marker = true}, vp8_payloads(second).front()));
  insert(assembler, packets);
  const auto got = drain(assembler);
  REQUIRE(got.size() == 2);
  CHECK(got[1].data == second);
  CHECK(!got[1].after_loss);
}

TEST_CASE("a frame whose last packet has no marker ends where the timestamp changes") {
  const Blob key = vp8_frame(true, 100, 1);
  const Blob inter = vp8_frame(false, 100, 2);
  FrameAssembler assembler{{.codec = Codec::vp8}};
  assembler.insert(rtp({.sequence = 0, .timestamp = 0}, vp8_payloads(key).front()), kStart);
  CHECK(drain(assembler).empty());
  assembler.insert(rtp({.sequence = 1, .timestamp = 3'000, .marker = true}, vp8_payloads(inter).front()), kStart);
  CHECK(drain(assembler).size() == 2);
}

TEST_CASE("timestamps go on over their wrap") {
  const Call call{0, 10, 0xffff'f000};
  const auto got = assemble(Codec::vp8, call.packets);
  REQUIRE(got.size() == 10);
  CHECK(got[0].timestamp == 0xffff'f000);
  for (std::size_t i = 1; i < got.size(); ++i) CHECK(got[i].timestamp == got[i - 1].timestamp + 3'000);

  FrameAssembler assembler{{.codec = Codec::vp8}};
  CHECK(assembler.unwrap(5) == 5);
  insert(assembler, call.packets);
  CHECK(assembler.unwrap(0xffff'f000) == 0xffff'f000);
  CHECK(assembler.unwrap(0) == std::int64_t{1} << 32);
}

TEST_CASE("a stream whose numbers jump is followed from the second packet on that proves it") {
  for (const std::uint16_t to : {std::uint16_t{20'000}, std::uint16_t{62'000}}) {  // forwards, backwards
    CAPTURE(to);
    const Call before{100};
    const Call after{to, 10, 90'000};
    FrameAssembler assembler{{.codec = Codec::vp8}};
    insert(assembler, before.packets);
    CHECK(drain(assembler).size() == 10);
    assembler.insert(after.packets[0], kStart);
    CHECK(drain(assembler).empty());
    insert(assembler, {after.packets.begin() + 1, after.packets.end()});
    const auto got = drain(assembler);
    REQUIRE(got.size() == 10);
    CHECK(got[0].after_loss);
    CHECK(got[0].data == after.frames[0]);
    CHECK(assembler.counters().lost == 1);
  }
}

TEST_CASE("a packet whose number is far off is left out") {
  const Call call{100};
  FrameAssembler assembler{{.codec = Codec::vp8}};
  insert(assembler, {call.packets.begin(), call.packets.begin() + 4});
  assembler.insert(rtp({.sequence = 30'000, .timestamp = 0x7000'0000}, {0x10, 0}), kStart);
  insert(assembler, {call.packets.begin() + 4, call.packets.end()});
  check_whole(call, drain(assembler));
  CHECK(assembler.counters().late == 1);
}

TEST_CASE("what waits is bounded: with too much of it the missing packet is given up at once") {
  FrameAssembler assembler{{.codec = Codec::opus, .max_packets = 50}};
  RtpSender sender;
  insert(assembler, sender.packets(0, {{1}}));
  CHECK(drain(assembler).size() == 1);
  sender.skip();
  for (std::uint32_t i = 0; i < 50; ++i) insert(assembler, sender.packets(i, {{2}}));
  CHECK(drain(assembler).empty());
  insert(assembler, sender.packets(50, {{2}}));
  CHECK(drain(assembler).size() == 51);
}

TEST_CASE("what waits is bounded in bytes, too, and where nobody takes it out") {
  FrameAssembler assembler{{.codec = Codec::opus, .max_packets = 50, .max_frame_bytes = 10'000}};
  RtpSender sender;
  for (std::uint32_t i = 0; i < 1'000; ++i) insert(assembler, sender.packets(i, {{2}}));
  CHECK(drain(assembler).size() == 100);
  CHECK(assembler.counters().lost == 900);
  for (std::uint32_t i = 0; i < 1'000; ++i) insert(assembler, sender.packets(i, {Blob(1'000)}));
  CHECK(drain(assembler).size() == 20);
}

TEST_CASE("a frame that is too long is dropped") {
  RtpSender sender;
  FrameAssembler assembler{{.codec = Codec::vp8, .max_frame_bytes = 10'000}};
  const auto whole = sender.packets(0, vp8_payloads(vp8_frame(true, 9'900, 1)));
  insert(assembler, whole);
  CHECK(drain(assembler).size() == 1);
  for (const Blob& packet : sender.packets(3'000, vp8_payloads(vp8_frame(false, 10'100, 1)))) {
    assembler.insert(packet, kStart);
    CHECK(drain(assembler).empty());
  }
  CHECK(assembler.counters().frames_dropped == 1);
  CHECK(assembler.take_key_frame_wish(kStart));
}

TEST_CASE("after a reset numbers and timestamps mean nothing any more") {
  const Call before{30'000, 10, 0x9000'0000};
  const Call after{29'000, 10, 77};
  FrameAssembler assembler{{.codec = Codec::vp8}};
  insert(assembler, {before.packets.begin(), before.packets.end() - 2});
  assembler.reset();
  insert(assembler, after.packets);
  const auto got = drain(assembler);
  check_whole(after, got);
  CHECK(got[0].timestamp == 77);
}

TEST_CASE("a frame's arrival is that of its last packet") {
  const Call call{0, 1};
  FrameAssembler assembler{{.codec = Codec::vp8}};
  assembler.insert(call.packets[0], kStart);
  assembler.insert(call.packets[2], kStart + milliseconds{3});
  assembler.insert(call.packets[1], kStart + milliseconds{90});
  CHECK(drain(assembler).at(0).arrival == kStart + milliseconds{90});
}

TEST_CASE("CSRCs, an extension and padding are no payload") {
  const Blob payload = vp8_payloads(vp8_frame(true, 40, 1)).front();
  Blob packet = rtp({.sequence = 1, .timestamp = 0, .marker = true}, {});
  packet[0] = 0x80 | 0x20 | 0x10 | 2;                                  // V, P, X, CC
  append(packet, {0, 0, 0, 8, 0, 0, 0, 9});                            // CSRCs
  append(packet, Blob{0xbe, 0xde, 0, 1, 0x10, 0xff, 0, 0} + payload);  // extension of one word
  append(packet, {0, 0, 3});                                           // padding
  const auto got = assemble(Codec::vp8, {packet});
  REQUIRE(got.size() == 1);
  CHECK(got[0].data == vp8_frame(true, 40, 1));
}

TEST_CASE("what is no RTP packet is counted") {
  FrameAssembler assembler{{.codec = Codec::vp8}};
  const Blob whole = rtp({.sequence = 1}, {0x10, 0});
  for (std::size_t size = 0; size < 12; ++size) assembler.insert(Bytes{whole}.first(size), kStart);
  Blob damaged = whole;
  damaged[0] = 0x40;  // version 1
  assembler.insert(damaged, kStart);
  damaged[0] = 0x8f;  // 15 CSRCs that are not there
  assembler.insert(damaged, kStart);
  damaged[0] = 0x90;  // an extension that is not there
  assembler.insert(damaged, kStart);
  damaged[0] = 0xa0;  // padding of none
  assembler.insert(damaged, kStart);
  damaged.back() = 3;  // and of more than there is
  assembler.insert(damaged, kStart);
  CHECK(assembler.counters().malformed == 12 + 5);
  CHECK(assembler.counters().packets == 12 + 5);
  CHECK(drain(assembler).empty());
}

}  // namespace sluice::media
