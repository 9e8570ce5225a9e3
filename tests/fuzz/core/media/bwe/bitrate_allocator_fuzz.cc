#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/media/bwe/bitrate_allocator.h"
#include "core/media/bwe/layer_rates.h"

// Sources that send any layers at any time, consumers that come, go and want anything, and any estimate. Whatever
// happens: what is given is there (but for a last picture), is sent, and nothing above the limit is given while
// something below it is sent.
namespace {

using namespace sluice;
using namespace std::chrono_literals;

void require(bool holds) {
  if (!holds) std::abort();
}

struct World {
  FuzzedDataProvider& input;
  Instant now{1h};
  std::array<LayerRates, 3> sources{};
  BitrateAllocator allocator{};
  std::vector<AllocationRequest> requests{};
  std::vector<std::size_t> source_of{};

  LayerPosition position() {
    return {input.ConsumeIntegralInRange<std::uint8_t>(0, 5), input.ConsumeIntegralInRange<std::uint8_t>(0, 5)};
  }
  void step() {
    switch (input.ConsumeIntegralInRange(0, 4)) {
      case 0:
        if (requests.size() == 20) return;
        requests.push_back({.priority = input.ConsumeIntegral<std::uint8_t>(), .is_new = input.ConsumeBool()});
        if (input.ConsumeBool()) requests.back().limit = position();
        if (input.ConsumeBool()) requests.back().current = position();
        return source_of.push_back(input.ConsumeIntegralInRange<std::size_t>(0, sources.size() - 1));
      case 1:
        if (requests.empty()) return;
        requests.pop_back();
        return source_of.pop_back();
      case 2:
        now += std::chrono::milliseconds{input.ConsumeIntegralInRange(0, 40'000)};
        return;
      case 3: {
        LayerRates& source = sources[input.ConsumeIntegralInRange<std::size_t>(0, sources.size() - 1)];
        const auto use = input.ConsumeBool() ? LayerUse::own : LayerUse::upwards;
        return source.on_packet(position(), use, input.ConsumeIntegralInRange<std::size_t>(0, 100'000), now);
      }
      default:
        allocate(DataRate::kbps(input.ConsumeIntegralInRange(0, 5000)));
    }
  }
  void allocate(DataRate available) {
    for (std::size_t i = 0; i < requests.size(); ++i) requests[i].layers = sources[source_of[i]].rates(now);
    const auto pressure = input.ConsumeBool() ? PathPressure::felt : PathPressure::none;
    const auto results = allocator.allocate(available, requests, now, pressure);
    require(results.size() == requests.size());
    DataRate given;
    int pictures = 0;
    for (std::size_t i = 0; i < results.size(); ++i) {
      given += results[i].rate;
      pictures += results[i].layer ? 1 : 0;
      check(results[i], requests[i]);
      requests[i].current = results[i].layer;
      requests[i].is_new = false;
    }
    require(given <= available || pictures == 1);  // the last picture
    if (const auto due = allocator.next_timeout()) require(*due > now && *due <= now + 41s);
  }
  static void check(const AllocationResult& result, const AllocationRequest& request) {
    require(std::ranges::is_sorted(request.layers, {}, &LayerRate::layer));
    if (!result.layer) return require(result.rate.is_zero());
    const auto known = std::ranges::find(request.layers, *result.layer, &LayerRate::layer);
    require(known != request.layers.end() && known->rate == result.rate);
    if (!request.limit || *result.layer <= *request.limit) return;
    for (const LayerRate& lower : request.layers) require(lower.layer > *request.limit || lower.rate.is_zero());
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input{data, size};
  World world{.input = input};
  for (int steps = 0; input.remaining_bytes() > 0 && steps < 500; ++steps) world.step();
  return 0;
}
