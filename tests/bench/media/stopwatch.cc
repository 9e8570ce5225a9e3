#include "tests/bench/media/stopwatch.h"

#include <ctime>

namespace sluice::media::bench {
namespace {

std::chrono::duration<double> read(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

Spent now() { return {read(CLOCK_MONOTONIC), read(CLOCK_PROCESS_CPUTIME_ID)}; }

}  // namespace

void Stopwatch::resume() { began_ = now(); }

void Stopwatch::pause() {
  const Spent at = now();
  spent_.wall += at.wall - began_.wall;
  spent_.cpu += at.cpu - began_.cpu;
}

}  // namespace sluice::media::bench
