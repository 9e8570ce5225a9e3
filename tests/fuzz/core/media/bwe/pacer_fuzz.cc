#include <fuzzer/FuzzedDataProvider.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/media/bwe/pacer.h"

// Calls of the pacer in any order, and time. Whatever happens: its bounds hold, deadlines move on, nothing stays beyond
// its time once they are met, and what comes out is as it went in.
namespace {

using namespace sluice;
using namespace std::chrono_literals;

void require(bool holds) {
  if (!holds) std::abort();
}

class World {
 public:
  explicit World(FuzzedDataProvider& input) : input_{input} {}

  void step() {
    switch (input_.ConsumeIntegralInRange(0, 6)) {
      case 0:
        return pacer_.set_rate(DataRate::kbps(input_.ConsumeIntegralInRange(0, 60'000)), now_);
      case 1:
        return start_probe();
      case 2:
        return pass(1000);
      case 3:
        return pacer_.clear();
      case 4:
        return meet_deadlines(now_ + std::chrono::microseconds{input_.ConsumeIntegralInRange(0, 2'000'000)});
      default:
        for (int i = input_.ConsumeIntegralInRange(1, 100); i > 0; --i) send();
    }
  }

 private:
  void start_probe() {
    pacer_.start_probe({.id = input_.ConsumeIntegralInRange<std::uint8_t>(1, 255),
                        .rate = DataRate::kbps(input_.ConsumeIntegralInRange(0, 60'000)),
                        .bytes = input_.ConsumeIntegralInRange<std::size_t>(0, 100'000),
                        .packets = input_.ConsumeIntegralInRange<std::size_t>(0, 50)},
                       now_);
  }
  void pass(std::size_t bytes) { pacer_.on_sent(bytes, now_); }
  void send() {
    const auto priority = input_.ConsumeBool() ? PacePriority::video : PacePriority::retransmission;
    const auto size = input_.ConsumeIntegralInRange<std::size_t>(1, PacketQueue::kMaxPacket + 1);
    if (pacer_.may_send(priority, now_)) return pass(size);
    const std::vector<std::uint8_t> packet(size, static_cast<std::uint8_t>(size));
    const bool held = pacer_.push(priority, packet, now_);
    require(!held || size <= PacketQueue::kMaxPacket);
    require(pacer_.queued_packets() <= Pacer::kMaxPackets && pacer_.queued_bytes() <= Pacer::kMaxBytes);
  }
  void meet_deadlines(Instant end) {
    Instant met = now_;
    for (int rounds = 0;; ++rounds) {
      const auto due = pacer_.next_timeout();
      if (!due || *due > end) break;
      met = std::max(met, *due);
      // Ticks, ends of probes, and the moments at which packets have waited long enough.
      require(rounds < 5000);
      drain(met);
    }
    now_ = end;
    if (pacer_.queued_packets() > 0) require(*pacer_.next_timeout() <= now_ + Pacer::kMaxWait + Pacer::kTick);
    if (!pacer_.next_timeout()) require(pacer_.queued_packets() == 0);
  }
  void drain(Instant at) {
    while (const auto packet = pacer_.poll(at)) {
      require(!packet->empty() && packet->size() <= PacketQueue::kMaxPacket);
      const auto mark = static_cast<std::uint8_t>(packet->size());
      require(packet->front() == mark && packet->back() == mark);
    }
    if (const std::size_t padding = pacer_.padding_due(at); padding > 0 && feeds_) pacer_.on_sent(padding, at);
  }

  FuzzedDataProvider& input_;
  Pacer pacer_;
  Instant now_{1h};
  bool feeds_ = input_.ConsumeBool();  // there is padding to send
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input{data, size};
  World world{input};
  for (int steps = 0; input.remaining_bytes() > 0 && steps < 200; ++steps) world.step();
  return 0;
}
