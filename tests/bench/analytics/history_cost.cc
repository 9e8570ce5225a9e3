// What it costs to keep the history of participants: who is there and talks, and how well media gets through, summed up
// by ten seconds, minutes and hours and written to a real SQLite database. Both threads' work counts: what the control
// thread does, and what the store does. Time is simulated; the disk is the one below the temporary folder.
//
//   build/release/bin/history_cost [participants] [rooms] [seconds]
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/media/stopwatch.h"
#include "tests/unit/plugins/analytics/history/analytics_store.h"

namespace sluice::analytics::testing {
namespace {

using media::bench::Stopwatch;

class Bench {
 public:
  Bench(int participants, int rooms, const std::string& database) : all_{RetentionOptions{}, database} {
    for (int i = 0; i < rooms; ++i) rooms_.push_back({&all_.room("room-" + std::to_string(i)), {}});
    for (int i = 0; i < participants; ++i) {
      OneRoom& one = rooms_[static_cast<std::size_t>(i % rooms)];
      const FakeParticipant& who = all_.join(*one.room, "somebody-with-an-id-of-usual-length-" + std::to_string(i));
      one.samples.push_back({.participant_id = who.id(), .quality = good_sample()});
    }
  }

  void second() {
    ++seconds_;
    for (OneRoom& one : rooms_) {
      for (ParticipantSample& sample : one.samples) sample.quality.round_trip_ms = 40 + seconds_ % 7;
    }
    watch_.resume();
    for (OneRoom& one : rooms_) {
      const std::string& speaker = one.samples[static_cast<std::size_t>(seconds_) % one.samples.size()].participant_id;
      const Voice voices[] = {{.participant_id = speaker, .minus_dbov = 30, .voice = true}};
      all_.host.bus().publish(VoicesHeard{*one.room, voices, std::chrono::seconds{1}});
      all_.history->sampled({.room = *one.room, .at = all_.host.timers().wall_time(), .participants = one.samples});
    }
    all_.host.advance(std::chrono::seconds{1});
    watch_.pause();
  }
  [[nodiscard]] double cpu_ms() const noexcept { return watch_.spent().cpu.count() * 1'000; }
  [[nodiscard]] double metric(const std::string& name) { return all_.host.metrics().value(name); }

 private:
  struct OneRoom {
    FakeRoom* room = nullptr;
    std::vector<ParticipantSample> samples;
  };

  AnalyticsStore all_;
  std::vector<OneRoom> rooms_;
  Stopwatch watch_;
  int seconds_ = 0;
};

void run(int participants, int rooms, int seconds) {
  namespace fs = std::filesystem;
  std::string folder = (fs::temp_directory_path() / "sluice-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
  {
    Bench bench{participants, rooms, folder + "/store.db"};
    for (int i = 0; i < 60; ++i) bench.second();
    const double before = bench.cpu_ms();
    const double rows_before = bench.metric("rows_written_total");
    for (int i = 0; i < seconds; ++i) bench.second();
    const double each = (bench.cpu_ms() - before) / seconds * 1'000 / participants;
    std::printf(
        "%d participants in %d rooms, %d s: %.2f ms of CPU a second for each 1,000 (%.2f %% of a core), "
        "%.0f rows a second, %.0f dropped, %.1f MB of database\n",
        participants, rooms, seconds, each, each / 10, (bench.metric("rows_written_total") - rows_before) / seconds,
        bench.metric("rows_dropped_total"), static_cast<double>(fs::file_size(folder + "/store.db")) / 1e6);
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace sluice::analytics::testing

int main(int argc, char** argv) {
  const auto number = [&](int index, int otherwise) { return index < argc ? std::atoi(argv[index]) : otherwise; };
  const int participants = number(1, 1'000);
  const int rooms = number(2, 100);
  const int seconds = number(3, 600);
  if (participants < rooms || rooms < 1 || seconds < 1) return 2;
  sluice::analytics::testing::run(participants, rooms, seconds);
}
