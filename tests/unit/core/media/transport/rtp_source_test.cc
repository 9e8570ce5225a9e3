#include "core/media/transport/rtp_source.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <memory>

#include "core/media/rtp/rtp_writer.h"
#include "core/media/transport/fan_out.h"
#include "core/media/transport/rtp_consumer.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart = Instant{} + 1h;
constexpr std::uint8_t kProducerId = 4;
constexpr std::uint8_t kRouterId = 9;
constexpr std::uint8_t kRouterType = 101;

class Source final : public RtpSource {
 public:
  explicit Source(FanOut& fan_out) : RtpSource{ProducerKey{1}, MediaKind::video, 2, fan_out} {
    mapping_.extensions[kProducerId] = kRouterId;
  }
  const ortc::ProducerMapping& mapping() const noexcept override { return mapping_; }
  void request_keyframe(std::uint8_t /*encoding*/, Instant /*now*/) noexcept override {}
  using RtpSource::forget_packets;
  using RtpSource::set_run;
  using RtpSource::set_sender_clock;

 private:
  ortc::ProducerMapping mapping_;
};

class NoOutput final : public RtpOutput {
 public:
  MutableBytes begin_rtp() noexcept override { return {}; }
  bool end_rtp(std::size_t, PacePriority, Instant) noexcept override { return false; }
  bool resend(Bytes datagram, Instant) noexcept override { return !datagram.empty(); }
  void cancel_rtp() noexcept override {}
  std::uint16_t number_rtp() noexcept override { return 0; }
};

struct Fixture {
  [[nodiscard]] std::unique_ptr<RtpConsumer> consumer(bool nack) {
    RtpConsumer::Spec spec{.key = ConsumerKey{1},
                           .kind = MediaKind::video,
                           .mapping = {},
                           .clock_rate = 90'000,
                           .cname = "c",
                           .first = {RtpSequence{10}, RtpTimestamp{0}},
                           .paused = false};
    spec.mapping.streams.push_back({.source = Ssrc{1}, .ssrc = Ssrc{2}, .rtx_ssrc = Ssrc{3}});
    spec.mapping.feedback.nack = nack;
    auto made = std::make_unique<RtpConsumer>(std::move(spec), output);
    made->attach(source, kStart);
    return made;
  }
  void deliver(std::uint8_t encoding, RtpSequence sequence, Instant now) {
    std::array<std::uint8_t, 200> buffer;
    const std::array<std::uint8_t, 1> orientation{3};
    const std::array<std::uint8_t, 3> payload{7, 8, 9};
    const ExtensionElement element{.id = kProducerId, .data = orientation};
    const auto size = write_rtp(buffer, {.payload_type = PayloadType{96}, .sequence = sequence, .ssrc = Ssrc{5}},
                                std::span{&element, 1}, payload);
    RoutedPacket packet{.rtp = RtpPacketView::parse(Bytes{buffer}.first(*size)).value(),
                        .encoding = encoding,
                        .payload_type = kRouterType,
                        .clock_rate = 90'000,
                        .layers = {.temporal = 2}};
    source.deliver(packet, now);
  }

  FanOut fan_out;
  NoOutput output;
  Source source{fan_out};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a packet is found again as it was delivered, with the router's numbers") {
  const auto asker = consumer(true);
  source.set_sender_clock(1, SenderClock{.ntp = NtpTime{77}, .rtp = RtpTimestamp{88}});
  deliver(1, RtpSequence{65'535}, kStart);
  deliver(1, RtpSequence{0}, kStart);
  const auto found = source.find_packet(1, RtpSequence{65'535}, kStart + 500ms);
  REQUIRE(found);
  CHECK(found->rtp.sequence() == RtpSequence{65'535});
  CHECK(found->rtp.payload().size() == 3);
  CHECK(found->encoding == 1);
  CHECK(found->payload_type == kRouterType);
  CHECK(found->clock_rate == 90'000);
  CHECK(found->layers.temporal == 2);
  CHECK(found->sender_clock == SenderClock{.ntp = NtpTime{77}, .rtp = RtpTimestamp{88}});
  REQUIRE(found->extensions().size() == 1);
  CHECK(found->extensions()[0].id == kRouterId);
  CHECK(found->extensions()[0].data[0] == 3);

  CHECK(!source.find_packet(0, RtpSequence{65'535}, kStart));  // of the other encoding
  CHECK(!source.find_packet(9, RtpSequence{65'535}, kStart));
  CHECK(!source.find_packet(1, RtpSequence{65'535}, kStart + 2s));
}

TEST_CASE_FIXTURE(Fixture, "packets are kept only while somebody may ask for them") {
  const auto silent = consumer(false);
  deliver(0, RtpSequence{1}, kStart);
  CHECK(!source.find_packet(0, RtpSequence{1}, kStart));
  auto asker = consumer(true);
  auto other = consumer(true);
  deliver(0, RtpSequence{2}, kStart);
  CHECK(source.find_packet(0, RtpSequence{2}, kStart));
  asker.reset();
  CHECK(source.find_packet(0, RtpSequence{2}, kStart));
  other.reset();
  CHECK(!source.find_packet(0, RtpSequence{2}, kStart));
}

TEST_CASE_FIXTURE(Fixture, "a new numbering of one encoding, and a pause, forget what was kept") {
  const auto asker = consumer(true);
  for (const std::uint8_t encoding : {0, 1}) deliver(encoding, RtpSequence{3}, kStart);
  source.set_sender_clock(0, SenderClock{});
  source.set_run(0, 1);
  CHECK(!source.find_packet(0, RtpSequence{3}, kStart));
  CHECK(!source.sender_clock(0));
  CHECK(source.find_packet(1, RtpSequence{3}, kStart));
  source.forget_packets();
  CHECK(!source.find_packet(1, RtpSequence{3}, kStart));
}

}  // namespace sluice
