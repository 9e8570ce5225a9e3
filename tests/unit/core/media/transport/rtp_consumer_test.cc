#include "core/media/transport/rtp_consumer.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <vector>

#include "core/media/rtp/rtp_writer.h"
#include "core/media/transport/fan_out.h"
#include "core/media/transport/rtp_source.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0{};
constexpr std::uint8_t kRouterType = 100;

class Output final : public RtpOutput {
 public:
  MutableBytes begin_rtp() noexcept override { return ready ? MutableBytes{buffer}.first(room) : MutableBytes{}; }
  bool end_rtp(std::size_t size, PacePriority, Instant) noexcept override {
    if (size == 0) {
      ++too_large;
      return false;
    }
    if (accepts) sent.emplace_back(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
    return accepts;
  }
  bool resend(Bytes datagram, Instant) noexcept override { return !datagram.empty(); }
  void cancel_rtp() noexcept override { ++cancelled; }
  std::uint16_t number_rtp() noexcept override { return 0; }

  [[nodiscard]] RtpPacketView packet(std::size_t index) const { return RtpPacketView::parse(sent.at(index)).value(); }

  bool ready = true;
  bool accepts = true;
  std::size_t room = 1432;
  std::array<std::uint8_t, 1432> buffer{};
  std::vector<std::vector<std::uint8_t>> sent;
  int too_large = 0;
  int cancelled = 0;
};

class Source final : public RtpSource {
 public:
  Source(MediaKind kind, FanOut& fan_out) : RtpSource{ProducerKey{1}, kind, 1, fan_out} {}
  const ortc::ProducerMapping& mapping() const noexcept override { return mapping_; }
  void request_keyframe(std::uint8_t /*encoding*/, Instant /*now*/) noexcept override { ++requests; }
  int requests = 0;

 private:
  ortc::ProducerMapping mapping_;
};

RtpConsumer::Spec spec(MediaKind kind) {
  RtpConsumer::Spec spec{.key = ConsumerKey{1},
                         .kind = kind,
                         .mapping = {},
                         .clock_rate = 48'000,
                         .cname = "c",
                         .first = {RtpSequence{10}, RtpTimestamp{0}},
                         .paused = false};
  spec.mapping.codecs[kRouterType] = {.payload_type = 96};
  spec.mapping.streams.push_back({.source = Ssrc{1}, .ssrc = Ssrc{2}, .rtx_ssrc = {}});
  return spec;
}

std::vector<std::uint8_t> written(std::uint16_t sequence, std::size_t payload) {
  const std::vector<std::uint8_t> content(payload, 0x77);
  std::vector<std::uint8_t> bytes(kRtpFixedHeaderSize + payload);
  const RtpHeader header{.payload_type = PayloadType{1}, .sequence = RtpSequence{sequence}, .ssrc = Ssrc{9}};
  static_cast<void>(write_rtp(bytes, header, {}, content));
  return bytes;
}

struct Wire {
  Wire(std::uint16_t sequence, std::size_t payload) : bytes{written(sequence, payload)} {}
  std::vector<std::uint8_t> bytes;
  RtpPacketView view = RtpPacketView::parse(bytes).value();
};

struct Fixture {
  explicit Fixture(MediaKind kind = MediaKind::audio) : source{kind, fan_out}, consumer{spec(kind), output} {
    consumer.attach(source, t0);
  }
  void send(std::uint16_t sequence, std::size_t payload = 50, std::uint8_t type = kRouterType) {
    const Wire wire{sequence, payload};
    source.deliver({.rtp = wire.view, .payload_type = type, .clock_rate = 48'000}, t0);
  }
  FanOut fan_out;
  Source source;
  Output output;
  RtpConsumer consumer;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "who did not negotiate NACK is sent nothing again, and costs no memory") {
  send(1);
  CHECK_FALSE(consumer.retransmit(RtpSequence{10}, Duration{}, Instant{}));
  CHECK_FALSE(consumer.keeps_copies());
}

TEST_CASE_FIXTURE(Fixture, "a payload type that the consumer has not negotiated is not sent") {
  send(1, 50, 101);
  CHECK(output.sent.empty());
  send(2);
  REQUIRE(output.sent.size() == 1);
  CHECK(output.packet(0).sequence() == RtpSequence{10});
}

TEST_CASE_FIXTURE(Fixture,
                  "padding alone, with which a sender probes its path, leaves no gap; late, it fills its own") {
  send(1);
  send(2, 0);
  send(3);
  send(5);
  send(4, 0);
  REQUIRE(output.sent.size() == 4);
  CHECK(output.packet(1).sequence() == RtpSequence{11});
  CHECK(output.packet(2).sequence() == RtpSequence{13});
  CHECK(output.packet(3).sequence() == RtpSequence{12});
  CHECK(output.packet(3).payload().empty());
  CHECK(consumer.sender().packets() == 3);
}

TEST_CASE_FIXTURE(Fixture, "while the transport cannot send, no numbers are used up") {
  output.ready = false;
  for (std::uint16_t i = 0; i < 5; ++i) send(i);
  output.ready = true;
  send(5);
  CHECK(output.packet(0).sequence() == RtpSequence{10});
  CHECK(consumer.sender().packets() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a packet that does not fit is told and looks lost to the receiver") {
  send(1);
  send(2, 1430);
  send(3);
  CHECK(output.too_large == 1);
  REQUIRE(output.sent.size() == 2);
  CHECK(output.packet(1).sequence() == RtpSequence{12});
}

TEST_CASE_FIXTURE(Fixture, "what was sent before the run began is not sent late") {
  send(100);
  consumer.interrupt();
  send(200);
  send(199);
  CHECK(output.sent.size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "more extensions than a packet has room for are left out, not written past the end") {
  const Wire wire{1, 50};
  RoutedPacket packet{.rtp = wire.view, .payload_type = kRouterType, .clock_rate = 48'000};
  const std::array<std::uint8_t, 1> one{1};
  ortc::ProducerMapping mapping;
  mapping.extensions.fill(7);
  for (auto& element : packet.extension_storage) element = {.id = 7, .data = one};
  packet.extension_count = packet.extension_storage.size();
  packet.take_extensions(mapping);
  CHECK(packet.extension_count == RoutedPacket::kMaxExtensions);
  source.deliver(packet, t0);  // id 7 is not negotiated with this consumer
  REQUIRE(output.sent.size() == 1);
  CHECK(output.packet(0).extensions().begin() == output.packet(0).extensions().end());
}

TEST_CASE("a consumer outlived by its source leaves it, and one that outlives it falls silent") {
  Output output;
  {
    FanOut fan_out;
    Source source{MediaKind::video, fan_out};
    {
      RtpConsumer consumer{spec(MediaKind::video), output};
      consumer.attach(source, t0);
      CHECK(source.requests == 1);
      CHECK(source.has_consumers());
    }
    CHECK_FALSE(source.has_consumers());
  }
  RtpConsumer consumer{spec(MediaKind::video), output};
  {
    FanOut fan_out;
    Source source{MediaKind::video, fan_out};
    consumer.attach(source, t0);
  }
  consumer.request_keyframe(t0);
  consumer.set_paused(true, t0);
  consumer.set_paused(false, t0);
  CHECK(consumer.keyframe_requests() == 1);
}

}  // namespace sluice
