#include "core/media/transport/fan_out.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/media/rtp/rtp_writer.h"
#include "core/media/transport/rtp_consumer.h"
#include "core/media/transport/rtp_source.h"

namespace sluice {
namespace {

constexpr Instant t0{};
constexpr std::uint8_t kRouterType = 100;

class Source final : public RtpSource {
 public:
  Source(std::uint64_t key, FanOut& fan_out) : RtpSource{ProducerKey{key}, MediaKind::audio, 1, fan_out} {}
  const ortc::ProducerMapping& mapping() const noexcept override { return mapping_; }
  void request_keyframe(std::uint8_t /*encoding*/, Instant /*now*/) noexcept override {}

 private:
  ortc::ProducerMapping mapping_;
};

/// Notes who was written to, in order: `a1 a2 b1`.
class Output final : public RtpOutput {
 public:
  Output(char name, std::string& log) : name_{name}, log_{log} {}
  MutableBytes begin_rtp() noexcept override { return buffer_; }
  bool end_rtp(std::size_t size, PacePriority, Instant) noexcept override {
    const auto packet = RtpPacketView::parse(Bytes{buffer_}.first(size));
    log_ += (log_.empty() ? "" : " ") + std::string{name_} + std::to_string(packet->payload()[0]);
    return true;
  }
  bool resend(Bytes datagram, Instant) noexcept override { return !datagram.empty(); }
  void cancel_rtp() noexcept override {}
  std::uint16_t number_rtp() noexcept override { return 0; }

 private:
  char name_;
  std::string& log_;
  std::array<std::uint8_t, 1432> buffer_{};
};

RtpConsumer::Spec spec() {
  RtpConsumer::Spec spec{.key = ConsumerKey{1},
                         .kind = MediaKind::audio,
                         .mapping = {},
                         .clock_rate = 48'000,
                         .cname = "c",
                         .first = {RtpSequence{10}, RtpTimestamp{0}},
                         .paused = false};
  spec.mapping.codecs[kRouterType] = {.payload_type = 96};
  spec.mapping.streams.push_back({.source = Ssrc{1}, .ssrc = Ssrc{2}, .rtx_ssrc = {}});
  return spec;
}

struct Listener {
  Listener(char name, std::string& log, RtpSource& source) : output{name, log}, consumer{spec(), output} {
    consumer.attach(source, t0);
  }
  Output output;
  RtpConsumer consumer;
};

struct Fixture {
  void send(RtpSource& source, std::uint8_t number) {
    const std::vector<std::uint8_t> payload(10, number);
    auto& bytes = packets.emplace_back(kRtpFixedHeaderSize + payload.size());
    const RtpHeader header{.payload_type = PayloadType{1}, .sequence = RtpSequence{number}, .ssrc = Ssrc{9}};
    REQUIRE(write_rtp(bytes, header, {}, payload));
    source.deliver({.rtp = *RtpPacketView::parse(bytes), .payload_type = kRouterType, .clock_rate = 48'000}, t0);
  }

  std::vector<std::vector<std::uint8_t>> packets;
  std::string log;
  FanOut fan_out;
  std::unique_ptr<Source> first = std::make_unique<Source>(1, fan_out);
  Source second{2, fan_out};
  Listener a{'a', log, *first};
  Listener b{'b', log, *first};
  Listener c{'c', log, second};
};

}  // namespace

TEST_CASE("within a batch each consumer gets all packets of a source side by side, in their order") {
  Fixture fixture;
  {
    const FanOut::Batch batch{fixture.fan_out, t0};
    fixture.send(*fixture.first, 1);
    fixture.send(fixture.second, 2);
    fixture.send(*fixture.first, 3);
    CHECK(fixture.log.empty());
  }
  CHECK(fixture.log == "a1 a3 b1 b3 c2");
}

TEST_CASE("without a batch a packet goes out at once") {
  Fixture fixture;
  fixture.send(*fixture.first, 1);
  CHECK(fixture.log == "a1 b1");
}

TEST_CASE("an inner batch waits for the outer one") {
  Fixture fixture;
  {
    const FanOut::Batch outer{fixture.fan_out, t0};
    {
      const FanOut::Batch inner{fixture.fan_out, t0};
      fixture.send(*fixture.first, 1);
    }
    CHECK(fixture.log.empty());
  }
  CHECK(fixture.log == "a1 b1");
}

TEST_CASE("a batch that is longer than the bound goes out in parts") {
  Fixture fixture;
  {
    const FanOut::Batch batch{fixture.fan_out, t0};
    for (std::size_t i = 0; i < FanOut::kMaxPackets; ++i) fixture.send(fixture.second, static_cast<std::uint8_t>(i));
    CHECK(fixture.log.empty());
    fixture.send(fixture.second, 200);
    CHECK(fixture.log.ends_with("c63"));
  }
  CHECK(fixture.log.ends_with("c63 c200"));
}

TEST_CASE("what waits of a source that dies is dropped") {
  Fixture fixture;
  {
    const FanOut::Batch batch{fixture.fan_out, t0};
    fixture.send(*fixture.first, 1);
    fixture.send(fixture.second, 2);
    fixture.first.reset();
  }
  CHECK(fixture.log == "c2");
}

}  // namespace sluice
