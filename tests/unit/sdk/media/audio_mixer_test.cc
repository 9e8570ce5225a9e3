#include "sluice/media/audio_mixer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/unit/sdk/media/generated.h"

namespace sluice::media {
namespace {

using namespace testing;
using namespace std::chrono_literals;

constexpr std::size_t kBlock = 960;  // 20 ms

float peak(const AudioBlock& block) {
  float peak = 0;
  for (const auto sample : block.samples) peak = std::max(peak, std::abs(sample));
  return peak;
}

/// The largest step from one sample to the next, over calls.
class Steps {
 public:
  void see(const AudioBlock& block) {
    for (std::size_t i = 0; i < block.frames(); ++i) {
      largest_ = std::max(largest_, std::abs(block.samples[i * 2] - last_));
      last_ = block.samples[i * 2];
    }
  }
  [[nodiscard]] float largest() const { return largest_; }

 private:
  float last_ = 0;
  float largest_ = 0;
};

/// Of a sine.
float steepest(double hertz, double loudness) {
  return static_cast<float>(loudness * 2 * std::numbers::pi * hertz / 48'000);
}

TEST_CASE("sounds add up where their pts say") {
  AudioMixer mixer;
  mixer.add("a", sine(0, 4'800, 440, 0.25));
  mixer.add("b", sine(2'400, 4'800, 1'000, 0.25));
  const auto block = mixer.mix(7'200);
  CHECK(block.pts == 0us);
  CHECK(mixer.position() == 150ms);
  const auto a = sine(0, 7'200, 440, 0.25);
  const auto b = sine(0, 7'200, 1'000, 0.25);
  const auto fade = std::size_t{300};
  for (std::size_t i = fade; i < 7'200; i += 7) {
    if (i >= 2'400 && i < 2'400 + fade) continue;  // b fades in
    if (i >= 4'800 && i < 4'800 + fade) continue;  // a fades out
    const auto expected = (i < 4'800 ? a.samples[i * 2] : 0) + (i >= 2'400 ? b.samples[i * 2] : 0);
    CAPTURE(i);
    CHECK(block.samples[i * 2] == doctest::Approx(expected).epsilon(0.001));
  }
}

TEST_CASE("where there is no sound there is silence, and time goes on") {
  AudioMixer mixer{5s};
  CHECK(mixer.mix(480).pts == 5s);
  const auto block = mixer.mix(480);
  CHECK(block.pts == 5s + 10ms);
  CHECK(block.samples == std::vector<float>(960, 0.0F));
}

TEST_CASE("the pts do not drift from rounding") {
  AudioMixer mixer;
  for (int i = 0; i < 30'000; ++i) (void)mixer.mix(7);
  CHECK(mixer.position() == time_of_sample(210'000));
}

TEST_CASE("blocks that join are given out as they came, but for the first milliseconds") {
  AudioMixer mixer;
  std::vector<float> mixed;
  std::vector<float> given;
  for (int i = 0; i < 50; ++i) {
    const auto block = sine(i * std::int64_t{kBlock}, kBlock, 440, 0.5);
    given.insert(given.end(), block.samples.begin(), block.samples.end());
    mixer.add("a", block);
  }
  for (int i = 0; i < 50; ++i) {
    const auto block = mixer.mix(kBlock);
    mixed.insert(mixed.end(), block.samples.begin(), block.samples.end());
  }
  CHECK(std::equal(mixed.begin() + 480, mixed.end(), given.begin() + 480));
}

TEST_CASE("pts that are rounded to milliseconds change nothing") {
  AudioMixer mixer;
  std::vector<float> mixed;
  std::vector<float> given;
  constexpr std::size_t kAac = 1'024;  // 21.33 ms
  for (int i = 0; i < 400; ++i) {
    auto block = sine(i * std::int64_t{kAac}, kAac, 440, 0.5);
    given.insert(given.end(), block.samples.begin(), block.samples.end());
    block.pts = std::chrono::round<std::chrono::milliseconds>(block.pts);
    mixer.add("a", block);
    const auto out = mixer.mix(i == 0 ? 24 : kAac);
    mixed.insert(mixed.end(), out.samples.begin(), out.samples.end());
  }
  CHECK(std::equal(mixed.begin() + 480, mixed.end(), given.begin() + 480));
}

TEST_CASE("a clock that runs 200 ppm fast or slow is followed for ten minutes without a click") {
  for (const double ppm : {200.0, -200.0}) {
    CAPTURE(ppm);
    AudioMixer mixer;
    Steps steps;
    constexpr int kBlocks = 30'000;
    const auto true_time = [ppm](int number) {
      return MediaTime{static_cast<std::int64_t>(std::round(number * 20'000 * (1 + ppm * 1e-6)))};
    };
    auto block = sine(0, kBlock, 400, 0.5);  // eight whole periods: each block goes on where the last one ended
    for (int i = 0; i < kBlocks; ++i) {
      block.pts = true_time(i);
      mixer.add("a", block);
      while (mixer.position() + 100ms < block.pts) steps.see(mixer.mix(kBlock));
    }
    CHECK(steps.largest() > steepest(400, 0.5) * 0.95F);
    CHECK(steps.largest() <= steepest(400, 0.5) * 1.05F);
    // And it ends when it says that it does.
    const auto rest = mixer.mix(10 * kBlock);
    std::size_t end = 0;
    for (std::size_t i = 0; i < rest.frames(); ++i) {
      if (std::abs(rest.samples[i * 2]) > 0.1F) end = i;
    }
    const auto difference = rest.pts + time_of_sample(static_cast<std::int64_t>(end)) - true_time(kBlocks);
    CHECK(std::chrono::abs(difference) <= 3ms);
  }
}

TEST_CASE("nothing clicks where a sound begins, pauses, is cut, and ends") {
  AudioMixer mixer;
  Steps steps;
  const auto add = [&mixer](std::int64_t at, std::int64_t from, std::size_t frames) {
    auto block = sine(from, frames, 400, 0.5);
    block.pts = time_of_sample(at);
    mixer.add("a", block);
  };
  add(1'000, 30, 5'000);    // begins in the middle of a wave
  add(20'000, 47, 5'000);   // after a gap
  add(22'000, 11, 10'000);  // and much too early: a cut
  for (int i = 0; i < 50; ++i) steps.see(mixer.mix(kBlock));
  CHECK(steps.largest() > 0);
  CHECK(steps.largest() <= steepest(400, 0.5) * 1.5F);
}

TEST_CASE("a source that is removed fades out, and may come back") {
  AudioMixer mixer;
  Steps steps;
  mixer.add("a", sine(30, 48'000, 400, 0.5));
  steps.see(mixer.mix(kBlock));
  mixer.remove("a");
  mixer.remove("nobody");
  const auto after = mixer.mix(kBlock);
  steps.see(after);
  CHECK(steps.largest() <= steepest(400, 0.5) * 1.5F);
  CHECK(after.samples.back() == 0.0F);
  mixer.add("a", sine(2 * kBlock, kBlock, 400, 0.5));
  CHECK(peak(mixer.mix(kBlock)) > 0.4F);
}

TEST_CASE("the sum never clips, and comes down on a line") {
  AudioMixer mixer;
  Steps steps;
  for (int source = 0; source < 8; ++source) {
    auto block = sine(0, 48'000, 300, 0.9);
    for (auto& sample : block.samples) sample = source == 0 ? sample : sample * (source % 2 == 0 ? 1.0F : 0.9F);
    // One after the other begins, 100 ms apart.
    block.pts = source * 100ms;
    mixer.add(std::to_string(source), block);
  }
  for (int i = 0; i < 100; ++i) {
    const auto block = mixer.mix(kBlock);
    CHECK(peak(block) <= 1.0F);
    steps.see(block);
  }
  CHECK(steps.largest() <= steepest(300, 1.0) * 3);
}

TEST_CASE("loudness comes back after a loud moment") {
  AudioMixer mixer;
  mixer.add("quiet", sine(0, 96'000, 400, 0.4));
  mixer.add("loud", sine(9'600, 4'800, 400, 3.0));
  (void)mixer.mix(9'600);
  CHECK(peak(mixer.mix(4'800)) <= 1.0F);
  (void)mixer.mix(48'000);
  CHECK(peak(mixer.mix(4'800)) == doctest::Approx(0.4).epsilon(0.01));
}

TEST_CASE("sound that is too far ahead, too old or no number is left out") {
  AudioMixer mixer;
  auto block = sine(0, kBlock, 400, 0.5);
  block.pts = AudioMixer::kMaxAhead + 1s;
  mixer.add("a", block);
  block.pts = -1s;
  mixer.add("a", block);
  block.pts = MediaTime::max();
  mixer.add("a", block);
  block.pts = MediaTime{-1'000'000'000'000'000};
  mixer.add("a", block);
  block.pts = 0us;
  block.samples.assign(kBlock * 2, std::numeric_limits<float>::quiet_NaN());
  mixer.add("b", block);
  mixer.add("c", AudioBlock{});
  CHECK(peak(mixer.mix(48'000)) == 0.0F);
}

}  // namespace
}  // namespace sluice::media
