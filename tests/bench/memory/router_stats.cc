// What it costs a worker to tell all statistics of a room (Router::stats): its time for one question, and for the slice
// that packets may have to wait for.
//
//   cmake --build --preset release --target router_stats_cost && build/release/bin/router_stats_cost 1000

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "core/media/engine/stats_question.h"
#include "tests/bench/memory/meeting.h"

namespace sluice::bench {
namespace {

using namespace std::chrono_literals;

constexpr int kQuestions = 100;

double seconds(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

/// Of every thread but this one, which is the control thread: the worker.
double worker_seconds() { return seconds(RUSAGE_SELF) - seconds(RUSAGE_THREAD); }

struct Cost {
  double worker_ms = 0;
  double answer_ms = 0;
  std::size_t objects = 0;
};

Cost ask_often(Meeting& meeting, RouterStatsWanted wanted) {
  const SystemClock clock;
  std::size_t objects = 0;
  const double worker_before = worker_seconds();
  const Instant before = clock.now();
  for (int i = 0; i < kQuestions; ++i) {
    meeting.router().stats(wanted, [&](const RouterStats& stats) {
      objects = stats.transports.size() + stats.producers.size() + stats.consumers.size();
      meeting.loop().stop();
    });
    meeting.loop().run();
  }
  const double wall = std::chrono::duration<double>(clock.now() - before).count();
  return {.worker_ms = 1e3 * (worker_seconds() - worker_before) / kQuestions,
          .answer_ms = 1e3 * wall / kQuestions,
          .objects = objects};
}

/// What the worker does in the same time without being asked.
double idle_ms(Meeting& meeting, double wall_ms) {
  const double before = worker_seconds();
  const Timer end = meeting.loop().after(std::chrono::microseconds{static_cast<std::int64_t>(1e3 * wall_ms)},
                                         [&] { meeting.loop().stop(); });
  meeting.loop().run();
  return 1e3 * (worker_seconds() - before);
}

void measure(std::size_t participants, const DtlsContext& dtls, const Fingerprint& client, int orders) {
  Meeting meeting{1, dtls, client, orders};
  meeting.grow_to(participants);
  for (const bool consumers : {false, true}) {
    const Cost cost = ask_often(meeting, {.transports = true, .producers = true, .consumers = consumers});
    const double own = cost.worker_ms - idle_ms(meeting, cost.answer_ms * kQuestions) / kQuestions;
    const double slices = static_cast<double>((cost.objects + StatsQuestion::kSlice - 1) / StatsQuestion::kSlice);
    std::printf(
        "%zu participants, %zu objects%s: %.2f ms of the worker, %.2f ms for each of %.0f slices, answered in %.1f "
        "ms\n",
        participants, cost.objects, consumers ? " with consumers" : "", own, own / slices, slices, cost.answer_ms);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  const std::size_t participants = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000;
  return sluice::bench::run_with_clients([&](const auto& gateway, const auto& client, int orders) {
    sluice::bench::measure(participants, gateway, client, orders);
  });
}
