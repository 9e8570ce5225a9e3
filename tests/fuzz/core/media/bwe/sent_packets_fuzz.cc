// Sending, feedback, time and wishes in any order, the feedback hostile: no packet is told twice, what is under way
// adds up, and the estimate stays within its limits.
#include <algorithm>
#include <cstdlib>

#include "core/media/bwe/bandwidth_estimator.h"
#include "core/media/bwe/sent_packets.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

void require(bool condition) {
  if (!condition) std::abort();
}

struct Session {
  static constexpr BandwidthEstimator::Config kConfig{};

  Instant now{1h};
  SentPackets sent;
  BandwidthEstimator estimator{kConfig, now};
  std::vector<PacketResult> scratch;
  std::uint16_t sequence = 65'000;
  std::uint8_t probe = 0;
  std::size_t sent_packets = 0;
  std::size_t settled = 0;  // lost or arrived in time

  void send(std::uint8_t count) {
    for (int i = 0; i <= count; ++i) {
      sent.on_sent(TransportSequence{sequence++}, count * 10U, probe, now);
      estimator.on_sent(count * 10U, now);
      ++sent_packets;
    }
  }
  void feed(Bytes fci) {
    const auto results = sent.on_feedback(fci, scratch, now);
    if (!results) return;
    require(results->round_trip >= Duration::zero());
    Instant last = Instant::min();
    for (const PacketResult& packet : results->packets) {
      require(packet.sent >= last && packet.sent <= now);
      require(!packet.late || packet.arrived);
      last = packet.sent;
      settled += packet.late ? 0U : 1U;
    }
    require(settled <= sent_packets);
    estimator.on_feedback(*results, now);
  }
  void check() {
    if (const auto cluster = estimator.poll_probe(now)) {
      require(cluster->id != 0 && !cluster->rate.is_zero());
      probe = cluster->id;
    }
    require(estimator.estimate() >= kConfig.min && estimator.estimate() <= kConfig.max);
    require(estimator.loss() >= 0 && estimator.loss() <= 1);
    require(sent.capacity() <= SentPackets::kMaxCapacity);
    if (settled == sent_packets) require(sent.bytes_in_flight() == 0);
  }
};

void run(Bytes input) {
  ByteReader in{input};
  Session session;
  session.estimator.set_wanted(DataRate::kbps(5000), session.now);
  while (in.remaining() > 0) {
    const std::uint8_t action = in.u8();
    const std::uint8_t value = in.u8();
    switch (action % 8) {
      case 0:
      case 1:
        session.send(value);
        break;
      case 2:
      case 3:
        session.feed(in.bytes(std::min<std::size_t>(value, in.remaining())));
        break;
      case 4:
        session.now += value * (action > 250 ? 10'000ms : 1ms);
        break;
      case 5:
        session.estimator.on_remb(DataRate::kbps(value * 100), session.now);
        break;
      case 6:
        session.estimator.on_report(value / 255.0, value * 1ms, session.now);
        break;
      default:
        session.sequence = static_cast<std::uint16_t>(session.sequence + value * 64);
        if (value == 255) session.estimator.on_path_changed(session.now);
        session.sent.trim(session.now);
    }
    session.check();
  }
}

}  // namespace
}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::run({data, size});
  return 0;
}
