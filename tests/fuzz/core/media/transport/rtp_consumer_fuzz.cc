// Layer choice and rewriting as one state machine: packets of any content in any order, targets, pauses, sources that
// come and go, NACKs, and time. Whatever happens, what comes out is well-formed, and the producer's bytes stay
// as they are.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstdlib>

#include "tests/unit/core/media/transport/layered_consumer.h"

namespace sluice::test {
namespace {

constexpr int kMaxSteps = 400;

void require(bool holds) {
  if (!holds) std::abort();
}

class World {
 public:
  explicit World(FuzzedDataProvider& in)
      : in_{in},
        call_{static_cast<VideoCodec>(in.ConsumeIntegralInRange<int>(0, 3)),
              in.ConsumeIntegralInRange<std::uint8_t>(1, 3), in.ConsumeBool() ? Rtx::yes : Rtx::no,
              in.ConsumeBool() ? Descriptor::yes : Descriptor::no, RtpSequence{in.ConsumeIntegral<std::uint16_t>()}} {}

  void step() {
    switch (in_.ConsumeIntegralInRange<int>(0, 9)) {
      case 0:
        call_.consumer.set_target(in_.ConsumeBool() ? std::optional{position()} : std::nullopt);
        break;
      case 1:
        call_.consumer.set_preferred(position());
        break;
      case 2:
        call_.consumer.set_paused(in_.ConsumeBool(), call_.now);
        break;
      case 3:
        call_.consumer.retransmit(RtpSequence{in_.ConsumeIntegral<std::uint16_t>()}, kRoundTrip, call_.now);
        break;
      case 4:
        call_.consumer.attach(call_.source, call_.now);
        break;
      case 5:
        call_.now += std::chrono::milliseconds{in_.ConsumeIntegralInRange<int>(0, 3000)};
        break;
      default:
        packet();
    }
    check();
  }

 private:
  using Rtx = LayeredConsumer::Rtx;
  using Descriptor = LayeredConsumer::Descriptor;

  LayerPosition position() {
    return {in_.ConsumeIntegralInRange<std::uint8_t>(0, 4), in_.ConsumeIntegralInRange<std::uint8_t>(0, 4)};
  }
  void packet() {
    sequence_ = static_cast<std::uint16_t>(sequence_ + in_.ConsumeIntegralInRange<int>(-3, 4));
    timestamp_ += in_.ConsumeIntegralInRange<std::uint32_t>(0, 1) * 3000;
    SourcePacket packet{.encoding = in_.ConsumeIntegralInRange<std::uint8_t>(0, 3),
                        .sequence = sequence_,
                        .timestamp = timestamp_,
                        .marker = in_.ConsumeBool(),
                        .payload = in_.ConsumeBytes<std::uint8_t>(in_.ConsumeIntegralInRange<std::size_t>(1, 12))};
    if (packet.payload.empty()) packet.payload.push_back(0);
    if (packet.encoding >= call_.source.encodings()) packet.encoding = 0;
    if (in_.ConsumeBool()) {
      packet.descriptor = in_.ConsumeBytes<std::uint8_t>(in_.ConsumeIntegralInRange<std::size_t>(1, 30));
    }
    call_.send(packet);
  }
  void check() {
    require(call_.unchanged);
    for (; checked_ < call_.output.sent.size(); ++checked_) {
      const auto packet = RtpPacketView::parse(call_.output.sent[checked_]);
      require(packet.has_value());
      require(packet->ssrc() == kConsumerSsrc || packet->ssrc() == kRtxSsrc);
    }
  }

  FuzzedDataProvider& in_;
  LayeredConsumer call_;
  std::uint16_t sequence_ = 65'500;
  std::uint32_t timestamp_ = 0xffff'0000;
  std::size_t checked_ = 0;
};

void run(FuzzedDataProvider& in) {
  World world{in};
  for (int i = 0; i < kMaxSteps && in.remaining_bytes() > 0; ++i) world.step();
}

}  // namespace
}  // namespace sluice::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in{data, size};
  sluice::test::run(in);
  return 0;
}
