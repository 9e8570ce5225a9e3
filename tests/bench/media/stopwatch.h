#pragma once

#include <chrono>

namespace sluice::media::bench {

/// What has passed on the wall, and what this process' threads have worked meanwhile.
struct Spent {
  std::chrono::duration<double> wall{};
  std::chrono::duration<double> cpu{};
};

/// Adds up what passes between resume() and pause().
class Stopwatch {
 public:
  void resume();
  void pause();
  [[nodiscard]] Spent spent() const noexcept { return spent_; }

 private:
  Spent began_;
  Spent spent_;
};

}  // namespace sluice::media::bench
