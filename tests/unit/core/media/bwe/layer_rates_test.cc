#include "core/media/bwe/layer_rates.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "core/media/bwe/bitrate_allocator.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

/// An encoder of 25 frames a second, each frame one "packet", of three temporal layers (0 2 1 2).
struct Camera {
  LayerRates rates{};
  Instant now{1h};
  std::map<std::uint8_t, int> kbps;  // of each encoding
  LayerUse use = LayerUse::own;
  int frame = 0;

  void run(Duration duration) {
    for (const Instant end = now + duration; now < end; now += 40ms, ++frame) {
      constexpr std::uint8_t kTemporal[] = {0, 2, 1, 2};
      for (const auto& [spatial, rate] : kbps) {
        rates.on_packet({spatial, kTemporal[frame % 4]}, use, static_cast<std::size_t>(rate * 1000 / 8 / 25), now);
      }
      static_cast<void>(rates.rates(now));  // somebody always asks
    }
  }
  /// Zero: not sent.
  [[nodiscard]] double rate_of(std::uint8_t spatial, std::uint8_t temporal) {
    for (const LayerRate& known : rates.rates(now)) {
      if (known.layer == LayerPosition{spatial, temporal}) return known.rate.kbps();
    }
    return 0;
  }
};

TEST_CASE("before the first packet there is no layer") {
  LayerRates rates;
  CHECK(rates.rates(Instant{1h}).empty());
}

TEST_CASE("encodings cost what they send, temporal layers with those below") {
  Camera camera{.kbps = {{0, 200}, {1, 600}, {2, 2000}}};
  camera.run(4s);
  CHECK(camera.rates.rates(camera.now).size() == 9);
  CHECK(std::ranges::is_sorted(camera.rates.rates(camera.now), {}, &LayerRate::layer));
  CHECK(camera.rate_of(0, 0) == doctest::Approx(50).epsilon(0.12));
  CHECK(camera.rate_of(0, 1) == doctest::Approx(100).epsilon(0.12));
  CHECK(camera.rate_of(0, 2) == doctest::Approx(200).epsilon(0.12));
  CHECK(camera.rate_of(1, 2) == doctest::Approx(600).epsilon(0.12));
  CHECK(camera.rate_of(2, 0) == doctest::Approx(500).epsilon(0.12));
  CHECK(camera.rate_of(2, 2) == doctest::Approx(2000).epsilon(0.12));
}

TEST_CASE("an upper layer of SVC costs what it needs of those below") {
  Camera camera{.kbps = {{0, 200}, {1, 400}, {2, 1400}}, .use = LayerUse::upwards};
  camera.run(4s);
  CHECK(camera.rate_of(0, 2) == doctest::Approx(200).epsilon(0.12));
  CHECK(camera.rate_of(1, 2) == doctest::Approx(600).epsilon(0.12));
  CHECK(camera.rate_of(2, 2) == doctest::Approx(2000).epsilon(0.12));
  CHECK(camera.rate_of(2, 0) == doctest::Approx(500).epsilon(0.12));
}

TEST_CASE("a layer is known from its first packet on, and its rate right within a second") {
  Camera camera{.kbps = {{0, 1000}}};
  camera.run(40ms);
  CHECK(camera.rates.rates(camera.now).size() == 1);
  camera.run(600ms);
  CHECK(camera.rates.rates(camera.now).size() == 3);
  camera.run(400ms);
  CHECK(camera.rate_of(0, 2) == doctest::Approx(1000).epsilon(0.2));
  SUBCASE("also of an encoding that comes later") {
    camera.kbps[1] = 2000;
    camera.run(40ms);
    CHECK(camera.rate_of(1, 0) + camera.rate_of(1, 1) + camera.rate_of(1, 2) > 0);
    camera.run(1s);
    CHECK(camera.rate_of(1, 2) == doctest::Approx(2000).epsilon(0.2));
  }
}

TEST_CASE("an encoding that is switched off vanishes when the others went on for a second") {
  Camera camera{.kbps = {{0, 200}, {1, 600}, {2, 2000}}};
  camera.run(4s);
  camera.kbps.erase(2);
  camera.run(800ms);
  CHECK(camera.rate_of(2, 2) > 0);
  camera.run(500ms);
  CHECK(camera.rate_of(2, 2) == 0);
  CHECK(camera.rate_of(2, 0) == 0);
  CHECK(camera.rate_of(1, 2) > 0);
  camera.kbps[2] = 1000;
  camera.run(2s);
  CHECK(camera.rate_of(2, 2) == doctest::Approx(1000).epsilon(0.1));
}

TEST_CASE("a temporal layer that is no longer sent vanishes after seconds") {
  Camera camera{.kbps = {{0, 200}}};
  camera.run(4s);
  for (int i = 0; i < 130; ++i, camera.now += 40ms) {
    camera.rates.on_packet({0, 0}, LayerUse::own, 1000, camera.now);
    if (i == 100) CHECK(camera.rates.rates(camera.now).size() == 3);
  }
  CHECK(camera.rates.rates(camera.now).size() == 1);
}

TEST_CASE("a still screen keeps the rate that it moved with, and is forgotten after half a minute") {
  Camera screen{.kbps = {{0, 800}}};
  screen.run(5s);
  const double moving = screen.rate_of(0, 2);
  for (int i = 0; i < 100; ++i) {
    screen.now += 250ms;
    if (screen.rate_of(0, 2) < moving * 0.9) FAIL("it fell at " << i);
  }
  screen.now += 6s;
  CHECK(screen.rates.rates(screen.now).empty());
}

TEST_CASE("still pictures with a burst every three seconds cost the same all the time") {
  LayerRates rates;
  Instant now{1h};
  double least = 1e9;
  double most = 0;
  for (int i = 0; i < 400; ++i, now += 100ms) {
    if (i % 30 == 0) {
      for (int packet = 0; packet < 80; ++packet) rates.on_packet({0, 0}, LayerUse::own, 1200, now);
    }
    const auto known = rates.rates(now);
    REQUIRE(known.size() == 1);
    if (i < 60) continue;
    least = std::min(least, known[0].rate.kbps());
    most = std::max(most, known[0].rate.kbps());
  }
  CHECK(least > 80 * 1.2 * 8 / 3);  // no less than the mean
  CHECK(most < least * 1.35);
}

TEST_CASE("rates that vary by 30 % from second to second come out within some 12 %, and hardly too low") {
  std::mt19937 random{3};
  std::uniform_real_distribution<double> factor{0.7, 1.3};
  Camera camera;
  double least = 1e9;
  double most = 0;
  for (int second = 0; second < 120; ++second) {
    camera.kbps[0] = static_cast<int>(1000 * factor(random));
    camera.run(1s);
    if (second < 10) continue;
    least = std::min(least, camera.rate_of(0, 2));
    most = std::max(most, camera.rate_of(0, 2));
  }
  CHECK(least > 900);
  CHECK(most < 1300);
  CHECK(most / least < 1.35);
}

TEST_CASE("a source that sends half from now on costs half in the end") {
  Camera camera{.kbps = {{0, 1000}}};
  camera.run(10s);
  camera.kbps[0] = 500;
  camera.run(8s);
  CHECK(camera.rate_of(0, 2) < 800);
  camera.run(12s);
  CHECK(camera.rate_of(0, 2) == doctest::Approx(500).epsilon(0.12));
}

TEST_CASE("layers beyond the last one count with it; a clock that stands still and a long silence do no harm") {
  LayerRates rates;
  rates.on_packet({200, 77}, LayerUse::own, 1000, Instant{1h});
  rates.on_packet({3, 3}, LayerUse::own, 1000, Instant{1h});
  REQUIRE(rates.rates(Instant{1h}).size() == 1);
  CHECK(rates.rates(Instant{1h})[0].layer == LayerPosition{3, 3});
  CHECK(rates.rates(Instant{1000h}).empty());
  rates.on_packet({0, 0}, LayerUse::own, 1000, Instant{1000h});
  REQUIRE(rates.rates(Instant{1000h}).size() == 1);
  CHECK(rates.rates(Instant{1000h})[0].rate == DataRate::kbps(8));  // nothing of the past
  rates.clear();
  CHECK(rates.rates(Instant{1000h}).empty());
}

TEST_CASE("measured rates that vary do not make the allocator restless") {
  std::mt19937 random{11};
  std::uniform_real_distribution<double> factor{0.7, 1.3};
  std::uniform_real_distribution<double> noise{0.9, 1.1};
  std::array<Camera, 4> cameras;
  std::array<AllocationRequest, 4> requests;
  BitrateAllocator allocator;
  int switches = 0;
  for (int second = 0; second < 140; ++second) {
    for (Camera& camera : cameras) {
      const double now = factor(random);
      camera.kbps = {
          {0, static_cast<int>(150 * now)}, {1, static_cast<int>(500 * now)}, {2, static_cast<int>(1600 * now)}};
    }
    for (int tick = 0; tick < 5; ++tick) {
      for (std::size_t i = 0; i < cameras.size(); ++i) {
        cameras[i].run(200ms);
        requests[i].priority = i == 0 ? 20 : 10;
        requests[i].layers = cameras[i].rates.rates(cameras[i].now);
      }
      const auto results = allocator.allocate(DataRate::kbps(2500) * noise(random), requests, cameras[0].now);
      for (std::size_t i = 0; i < requests.size(); ++i) {
        if (second >= 20 && requests[i].current != results[i].layer) ++switches;
        requests[i].current = results[i].layer;
      }
    }
  }
  CHECK(switches <= 24);
}

}  // namespace
}  // namespace sluice
