#include "tests/simulation/receiver_model.h"

#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "core/media/rtcp/rtcp_feedback.h"
#include "core/media/rtp/rtp_writer.h"
#include "core/media/rtp/rtx.h"

using namespace sluice;
using namespace sluice::simulation;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart = Instant{} + 1h;
constexpr Ssrc kSsrc{7};
constexpr Ssrc kRtx{8};

struct Shape {
  std::uint16_t sequence;
  std::uint32_t timestamp;
  bool first = true;
  bool last = true;
  bool keyframe = false;
};

std::vector<std::uint8_t> packet(const Shape& shape) {
  std::array<std::uint8_t, 40> payload{};
  payload[0] = shape.first ? 0x10 : 0x00;  // S
  payload[1] = shape.keyframe ? 0x10 : 0x11;
  write_stamp(payload, {.layer = 2, .sent = kStart});
  std::vector<std::uint8_t> bytes(200);
  bytes.resize(write_rtp(bytes,
                         {.marker = shape.last,
                          .payload_type = PayloadType{96},
                          .sequence = RtpSequence{shape.sequence},
                          .timestamp = RtpTimestamp{shape.timestamp},
                          .ssrc = kSsrc},
                         {}, payload)
                   .value());
  return bytes;
}

std::vector<std::uint8_t> as_rtx(const std::vector<std::uint8_t>& original) {
  std::vector<std::uint8_t> bytes(250);
  bytes.resize(write_rtx(bytes, RtpPacketView::parse(original).value(),
                         {.ssrc = kRtx, .payload_type = PayloadType{97}, .sequence = RtpSequence{100}}, {})
                   .value());
  return bytes;
}

struct Receiver {
  ReceiverModel model{{.streams = {{.ssrc = kSsrc, .payload_type = PayloadType{96}, .rtx_ssrc = kRtx}},
                       .nack = {.retry = 60ms, .max_requests = 2}}};

  void take_bytes(const std::vector<std::uint8_t>& bytes, Duration after) {
    model.on_rtp(RtpPacketView::parse(bytes).value(), kStart + after);
  }
  void take(const Shape& shape, Duration after) { take_bytes(packet(shape), after); }
  // What is asked for now, and whether a key frame is.
  struct Asked {
    std::vector<int> lost;
    bool pli = false;
  };
  Asked ask(Duration after) {
    Asked asked;
    std::array<std::uint8_t, 1200> buffer;
    RtcpBuilder out{buffer};
    if (!model.poll_rtcp(out, kStart + after)) return asked;
    const auto compound = RtcpCompound::parse(out.bytes()).value();
    for (const RtcpBlock& block : compound) {
      const auto feedback = Feedback::parse(block);
      if (!feedback) continue;
      if (feedback->kind == FeedbackKind::pli) asked.pli = true;
      if (feedback->kind != FeedbackKind::nack) continue;
      for (const NackItem& item : nack_items(*feedback)) {
        for_each_lost(item, [&](RtpSequence lost) { asked.lost.push_back(lost.value()); });
      }
    }
    return asked;
  }
  [[nodiscard]] const std::vector<ShownFrame>& frames() const { return model.stream(kSsrc).picture.frames(); }
};

}  // namespace

TEST_CASE("a frame is shown when it is whole, and when all before it are") {
  for (const std::uint16_t base : {std::uint16_t{100}, std::uint16_t{65'534}}) {
    CAPTURE(base);
    const auto sequence = [base](int offset) { return static_cast<std::uint16_t>(base + offset); };
    Receiver receiver;
    receiver.take({.sequence = sequence(0), .timestamp = 10, .last = false, .keyframe = true}, 0ms);
    CHECK(receiver.frames().empty());
    receiver.take({.sequence = sequence(1), .timestamp = 10, .first = false}, 1ms);
    REQUIRE(receiver.frames().size() == 1);
    CHECK(receiver.frames()[0].keyframe);
    CHECK(receiver.frames()[0].stamp->layer == 2);

    receiver.take({.sequence = sequence(3), .timestamp = 30}, 40ms);
    CHECK(receiver.frames().size() == 1);
    CHECK(receiver.ask(40ms).lost == std::vector<int>{sequence(2)});
    receiver.take_bytes(as_rtx(packet({.sequence = sequence(2), .timestamp = 20})), 90ms);
    REQUIRE(receiver.frames().size() == 3);
    CHECK(receiver.frames()[1].at == kStart + 90ms);
    CHECK(receiver.frames()[2].at == kStart + 90ms);
    CHECK(receiver.model.stream(kSsrc).repaired == 1);
    CHECK(receiver.model.stream(kSsrc).picture.longest_freeze(kStart, kStart + 90ms) == 89ms);
  }
}

TEST_CASE("what is lost is asked for at once, again after the interval, and then given up") {
  Receiver receiver;
  receiver.take({.sequence = 1, .timestamp = 1, .keyframe = true}, 0ms);
  receiver.take({.sequence = 4, .timestamp = 4}, 10ms);
  CHECK(receiver.model.next_timeout() == kStart + 10ms);
  CHECK(receiver.ask(10ms).lost == std::vector<int>{2, 3});
  CHECK(receiver.ask(69ms).lost.empty());
  CHECK(receiver.ask(70ms).lost == std::vector<int>{2, 3});
  CHECK(receiver.ask(130ms).lost.empty());
  CHECK(receiver.model.stream(kSsrc).missing.given_up() == 2);
}

TEST_CASE("a picture that stands asks for a key frame, which replaces what was lost") {
  Receiver receiver;
  receiver.take({.sequence = 1, .timestamp = 1, .keyframe = true}, 0ms);
  receiver.take({.sequence = 3, .timestamp = 3}, 100ms);
  CHECK_FALSE(receiver.ask(599ms).pli);
  CHECK(receiver.ask(600ms).pli);
  CHECK_FALSE(receiver.ask(601ms).pli);
  CHECK(receiver.ask(1100ms).pli);
  receiver.take({.sequence = 9, .timestamp = 9, .keyframe = true}, 1200ms);
  CHECK(receiver.frames().size() == 2);
  CHECK_FALSE(receiver.ask(1800ms).pli);
  CHECK(receiver.ask(1900ms).lost.empty());
  CHECK(receiver.model.stream(kSsrc).completeness() == doctest::Approx(3.0 / 9));
}
