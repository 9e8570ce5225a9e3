#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "tests/congestion/adaptive_source.h"
#include "tests/congestion/packet_log.h"

// The models that the scenarios are made of, with known answers.

using namespace sluice;
using namespace sluice::congestion;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart = Instant{} + 1h;

struct Frames {
  std::vector<std::size_t> sizes;
  std::size_t keyframes = 0;
  [[nodiscard]] double kbps(Duration time) const {
    std::size_t bytes = 0;
    for (const std::size_t size : sizes) bytes += size;
    return DataRate::of(bytes, time).kbps();
  }
};

Frames run(AdaptiveSource& source, DataRate target, Instant from, Duration time) {
  Frames frames;
  for (Instant now = from; now < from + time; now += 1ms) {
    while (const auto size = source.poll(target, now)) {
      frames.sizes.push_back(*size);
      if (source.is_keyframe()) ++frames.keyframes;
    }
  }
  return frames;
}

}  // namespace

TEST_CASE("a source follows its target within its bounds, at 30 frames a second") {
  for (const auto& [target, expected] : {std::pair{500, 500.0}, std::pair{10, 100.0}, std::pair{9000, 2000.0}}) {
    AdaptiveSource source{{.max = DataRate::kbps(2000)}, kStart};
    const Frames frames = run(source, DataRate::kbps(target), kStart, 30s);
    CHECK(frames.sizes.size() == doctest::Approx(900).epsilon(0.01));
    CHECK(frames.keyframes == 3);
    CHECK(frames.kbps(30s) == doctest::Approx(expected).epsilon(0.05));
    CHECK(std::ranges::max(frames.sizes) > 3 * expected * 1000 / 8 / 30);
  }
}

TEST_CASE("a paused source sends nothing, and resumes with a key frame") {
  AdaptiveSource source{{.keyframe_interval = 1h}, kStart};
  CHECK(run(source, DataRate::kbps(500), kStart, 1s).keyframes == 1);
  source.pause();
  CHECK(run(source, DataRate::kbps(500), kStart + 1s, 1s).sizes.empty());
  CHECK_FALSE(source.next_timeout().has_value());
  source.resume(kStart + 2s);
  CHECK(run(source, DataRate::kbps(500), kStart + 2s, 1s).keyframes == 1);
  source.request_keyframe();
  CHECK(run(source, DataRate::kbps(500), kStart + 3s, 1s).keyframes == 1);
}

TEST_CASE("a log of packets knows the rate, the losses and the queue of a window") {
  PacketLog log{20ms};
  for (int i = 0; i < 100; ++i) {
    const Instant sent = kStart + i * 10ms;
    const std::size_t number = log.sent(1250, sent);
    if (i % 10 != 0) log.arrived(number, sent + 20ms + std::chrono::milliseconds{i});
  }
  const Window all{kStart, kStart + 2s};
  CHECK(log.loss(all) == doctest::Approx(0.1));
  CHECK(log.bytes_arrived(all) == 90 * 1250);
  CHECK(log.rate(all).kbps() == doctest::Approx(450));
  std::vector<Duration> delays;
  log.collect_queue_delays(all, delays);
  CHECK(delays.size() == 90);
  CHECK(quantile(delays, 0) == 1ms);
  CHECK(quantile(delays, 1) == 99ms);
  CHECK(log.loss({kStart + 1ms, kStart + 95ms}) == 0);
}
