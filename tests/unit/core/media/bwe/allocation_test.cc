// The estimator allocates nothing in steady state.
#include <doctest/doctest.h>

#include <array>

#include "core/media/bwe/bandwidth_estimator.h"
#include "core/media/bwe/sent_packets.h"
#include "core/media/bwe/transport_feedback.h"
#include "tests/unit/counted_allocations.h"

namespace sluice {

using namespace std::chrono_literals;

TEST_CASE("after the first seconds neither the estimator nor the history of sent packets allocates") {
  Instant now{1h};
  BandwidthEstimator estimator{{}, now};
  estimator.set_wanted(DataRate::kbps(20'000), now);
  SentPackets sent;
  TransportFeedback receiver;
  std::vector<PacketResult> results;
  std::uint16_t sequence = 0;
  std::size_t before = 0;
  for (int message = 0; message < 600; ++message) {
    if (message == 100) before = test::allocations;
    for (int i = 0; i < 100; ++i) {
      const TransportSequence number{sequence++};
      now += 1ms;
      sent.on_sent(number, 1000, 0, now);
      estimator.on_sent(1000, now);
      if (sequence % 17 != 0) receiver.on_packet(number, now + 20ms);
    }
    std::array<std::uint8_t, 1200> buffer{};
    RtcpBuilder builder{buffer};
    while (receiver.write(builder, Ssrc{1}, Ssrc{2})) {
    }
    const auto compound = RtcpCompound::parse(builder.bytes());
    REQUIRE(compound);
    for (const RtcpBlock& block : *compound) {
      const auto feedback = sent.on_feedback(block.body.subspan(8), results, now + 50ms);
      if (feedback) estimator.on_feedback(*feedback, now + 50ms);
    }
    static_cast<void>(estimator.poll_probe(now));
  }
  CHECK(test::allocations == before);
  CHECK(sent.capacity() == SentPackets::kMinCapacity);
}

}  // namespace sluice
