// What it costs to know how good the connections of participants are: samples, grades, the clients' reports every five
// seconds, and what the rooms are told. The statistics of the workers are made up, and are not in the time; neither is
// the network. What the rooms are told is copied for each client here, where the gateway shares the bytes.
//
//   build/release/bin/quality_cost [participants] [rooms] [seconds]
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "quality/quality_desk.h"
#include "sluice/testing/fake_rooms.h"
#include "tests/bench/media/stopwatch.h"

namespace sluice::testing {
namespace {

using media::bench::Stopwatch;

/// Participants with a microphone and a camera in three encodings, who receive; one in ten has a line that changes.
class MadeUpStats final : public RoomStats {
 public:
  explicit MadeUpStats(Stopwatch& watch) noexcept : watch_{watch} {}

  void collect(Room& room, Function<void(std::vector<ParticipantMediaStats>)> callback) override {
    asked_.emplace_back(&room, std::move(callback));
  }
  void answer() {
    for (auto& [room, callback] : std::exchange(asked_, {})) {
      auto stats = stats_of(*room);
      watch_.resume();
      callback(std::move(stats));
      watch_.pause();
    }
  }
  void next_second() noexcept { ++second_; }

 private:
  [[nodiscard]] std::vector<ParticipantMediaStats> stats_of(Room& room) const {
    std::vector<ParticipantMediaStats> out;
    for (Participant* one : room.participants()) {
      ParticipantMediaStats& stats = out.emplace_back();
      stats.participant_id = one->id();
      const bool bad = out.size() % 10 == 0 && second_ / 10 % 2 == 1;
      stats.transports = {path(2'000'000, 20'000, 0), path(20'000, 2'000'000, bad ? 0.1 : 0)};
      add_track(stats, MediaKind::audio, 1, bad);
      add_track(stats, MediaKind::video, 3, bad);
    }
    return out;
  }
  static TransportStats path(std::int64_t receiving, std::int64_t sending, double loss) {
    TransportStats out;
    out.state = TransportState::connected;
    out.receiving_bps = receiving;
    out.sending_bps = sending;
    out.round_trip_time_ms = 40;
    out.fraction_lost = loss;
    return out;
  }
  void add_track(ParticipantMediaStats& stats, MediaKind kind, std::uint32_t encodings, bool bad) const {
    ParticipantMediaStats::Track& track = stats.tracks.emplace_back();
    track.track.kind = kind;
    for (std::uint32_t i = 0; i < encodings; ++i) {
      RtpStreamStats& stream = track.streams.emplace_back();
      stream.ssrc = Ssrc{(kind == MediaKind::audio ? 100 : 200) + i};
      stream.packets = 50 * second_;
      stream.packets_lost = bad ? second_ : 0;
      stream.jitter_ms = 3;
    }
  }

  Stopwatch& watch_;
  std::uint64_t second_ = 1;
  std::vector<std::pair<Room*, Function<void(std::vector<ParticipantMediaStats>)>>> asked_;
};

json::value report() {
  const json::object audio{
      {"jitterMs", 3}, {"jitterBufferMs", 50}, {"totalSamplesReceived", 240'000}, {"concealedSamples", 100}};
  const json::object video{{"source", "webcam"},    {"frameWidth", 1'280}, {"frameHeight", 720},
                           {"framesPerSecond", 30}, {"freezeCount", 0},    {"totalFreezesDurationMs", 0}};
  json::array sounds;
  json::array videos;
  for (int i = 0; i < 9; ++i) {  // of a room of ten
    sounds.emplace_back(audio);
    videos.emplace_back(video);
  }
  return json::object{
      {"intervalMs", 5'000}, {"roundTripMs", 41}, {"audio", std::move(sounds)}, {"video", std::move(videos)}};
}

class Bench {
 public:
  Bench(int participants, int rooms, bool updates)
      : desk_{analytics::make_quality_desk(host_, rooms_, stats_, {.updates = updates})} {
    desk_->start([](const analytics::RoomSample&) {});
    for (int i = 0; i < rooms; ++i) {
      RoomOptions options;
      options.id = "room-" + std::to_string(i);
      rooms_.open(options);
    }
    const auto all = rooms_.all();
    for (int i = 0; i < participants; ++i) {
      Identity identity;
      identity.user_id = "somebody-with-an-id-of-usual-length-" + std::to_string(i);
      FakeClient& client = host_.connect(std::move(identity));
      static_cast<FakeRoom*>(all[static_cast<std::size_t>(i % rooms)])->join(client);
      clients_.push_back(&client);
    }
  }

  void second() {
    for (int tick = 0; tick < 20; ++tick) {
      watch_.resume();
      host_.timers().advance(std::chrono::milliseconds{50});
      watch_.pause();
      stats_.answer();
    }
    stats_.next_second();
    for (FakeClient* client : clients_) client->clear();
    watch_.resume();
    for (std::size_t i = second_++ % 5; i < clients_.size(); i += 5) {
      host_.events().call(*clients_[i], "stats:report", report_);
    }
    watch_.pause();
  }
  [[nodiscard]] double cpu_ms() const noexcept { return watch_.spent().cpu.count() * 1'000; }

 private:
  FakeHost host_{"analytics"};
  FakeRooms rooms_{host_};
  Stopwatch watch_;
  MadeUpStats stats_{watch_};
  std::unique_ptr<analytics::QualityDesk> desk_;
  std::vector<FakeClient*> clients_;
  const json::value report_ = report();
  std::size_t second_ = 0;
};

void run(int participants, int rooms, int seconds, bool updates) {
  Bench bench{participants, rooms, updates};
  for (int i = 0; i < 10; ++i) bench.second();  // caches and rings are warm
  const double before = bench.cpu_ms();
  for (int i = 0; i < seconds; ++i) bench.second();
  const double each = (bench.cpu_ms() - before) / seconds * 1'000 / participants;
  std::printf("%d participants in %d rooms, %d s, %s: %.2f ms of CPU a second for each 1,000 (%.2f %% of a core)\n",
              participants, rooms, seconds, updates ? "rooms are told" : "rooms are not told", each, each / 10);
}

}  // namespace
}  // namespace sluice::testing

int main(int argc, char** argv) {
  const auto number = [&](int index, int otherwise) { return index < argc ? std::atoi(argv[index]) : otherwise; };
  const int participants = number(1, 1'000);
  const int rooms = number(2, 100);
  const int seconds = number(3, 60);
  if (participants < 1 || rooms < 1 || seconds < 1) return 2;
  for (const bool updates : {false, true}) sluice::testing::run(participants, rooms, seconds, updates);
}
