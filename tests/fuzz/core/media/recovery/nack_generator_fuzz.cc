// Any order of packets, repairs, key frames and time: only what is missing is asked for, the list stays bounded, and a
// deadline stands exactly while something is missing.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <set>

#include "core/media/recovery/nack_generator.h"
#include "core/media/rtp/sequence_number.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

void require(bool holds) {
  if (!holds) std::abort();
}

class World {
 public:
  explicit World(FuzzedDataProvider& in)
      : in_{in}, nacks_{in.ConsumeBool() ? NackGeneratorConfig{} : NackGeneratorConfig::audio()} {
    newest_ = RtpSequence{in.ConsumeIntegral<std::uint16_t>()};
    receive(newest_);
  }

  void step() {
    switch (in_.ConsumeIntegralInRange<int>(0, 6)) {
      case 0:
        return receive(advance(newest_, 1));
      case 1:
        return receive(advance(newest_, in_.ConsumeIntegralInRange<int>(1, 700)));
      case 2:
        return receive(advance(newest_, -in_.ConsumeIntegralInRange<int>(0, 700)));
      case 3:
        return receive(RtpSequence{in_.ConsumeIntegral<std::uint16_t>()});
      case 4: {
        const RtpSequence sequence = advance(newest_, -in_.ConsumeIntegralInRange<int>(-3, 700));
        if (receiver_.on_repaired(sequence) != PacketOrder::late) return;
        nacks_.on_repaired(sequence);
        missing_.erase(sequence.value());
        return;
      }
      case 5:
        return nacks_.on_keyframe(advance(newest_, -in_.ConsumeIntegralInRange<int>(0, 20)));
      default:
        now_ += std::chrono::milliseconds{in_.ConsumeIntegralInRange<int>(0, 300)};
        poll();
    }
  }

  void finish() {
    now_ += 1h;
    poll();
    require(nacks_.missing() == 0 && !nacks_.next_timeout());
    static_cast<void>(nacks_.take_break());
    require(!nacks_.take_break());
  }

 private:
  void receive(RtpSequence sequence) {
    const PacketOrder order = receiver_.on_packet({.sequence = sequence}, now_);
    const std::uint64_t overflows = nacks_.counters().overflows;
    nacks_.on_packet(sequence, order, now_);
    if (order == PacketOrder::late) missing_.erase(sequence.value());
    if (order == PacketOrder::restarted || nacks_.counters().overflows != overflows) missing_.clear();
    if (order == PacketOrder::after_gap && nacks_.counters().overflows == overflows) {
      for (RtpSequence lost = advance(newest_, 1); lost != sequence; lost = advance(lost, 1))
        missing_.insert(lost.value());
    }
    const bool moved = order != PacketOrder::late && order != PacketOrder::duplicate && order != PacketOrder::jumped;
    if (moved) newest_ = sequence;
    check();
  }

  void poll() {
    std::array<RtpSequence, 64> out;
    const Duration round_trip = std::chrono::milliseconds{in_.ConsumeIntegralInRange<int>(-10, 3000)};
    for (;;) {
      const std::size_t count = nacks_.poll(now_, round_trip, out);
      require(count <= out.size());
      for (std::size_t i = 0; i < count; ++i) require(missing_.contains(out[i].value()));
      if (count < out.size()) break;
    }
    require(!nacks_.next_timeout() || *nacks_.next_timeout() > now_);
    check();
  }

  void check() const {
    require(nacks_.missing() <= NackGenerator::kMaxMissing);
    require(nacks_.missing() <= missing_.size());
    require(nacks_.next_timeout().has_value() == (nacks_.missing() > 0));
    const NackCounters& counters = nacks_.counters();
    require(counters.recovered <= counters.packets && counters.packets <= counters.requests);
  }

  FuzzedDataProvider& in_;
  Instant now_ = Instant{} + 1h;
  RtpSequence newest_;
  RtpStreamReceiver receiver_{Ssrc{1}, 90'000};
  NackGenerator nacks_;
  std::set<std::uint16_t> missing_;  // also what was given up
};

}  // namespace
}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in{data, size};
  sluice::World world{in};
  for (int i = 0; i < 2000 && in.remaining_bytes() > 0; ++i) world.step();
  world.finish();
  return 0;
}
