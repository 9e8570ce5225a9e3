#include "program/program_job.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <deque>

#include "simulated_room.h"
#include "sluice/media/media_file.h"

namespace sluice::livestream {
namespace {

using namespace testing;

/// A gateway in simulated time: waiting for a record is what makes it go on.
class SimulatedContext final : public JobContext {
 public:
  SimulatedContext(const ProgramOrder& order, MediaTime length)
      : arguments_{to_json(order).as_object()}, end_{kBegin + length} {}

  std::deque<json::object> commands;

  [[nodiscard]] const json::object& arguments() const noexcept override { return arguments_; }
  void send(const json::object& message) override {
    const std::lock_guard lock{mutex_};
    sent_.push_back(message);
  }
  [[nodiscard]] std::optional<json::object> next_message() override {
    std::unique_lock lock{mutex_};
    if (!commands.empty()) {
      json::object command = std::move(commands.front());
      commands.pop_front();
      return command;
    }
    changed_.wait(lock, [this] { return now_ >= end_; });
    return std::nullopt;
  }
  [[nodiscard]] bool stop_requested() const noexcept override { return now() >= end_; }
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> next_record(Instant until) override {
    {
      const std::lock_guard lock{mutex_};
      now_ = std::max(now_, until);
    }
    changed_.notify_all();
    return std::nullopt;
  }
  [[nodiscard]] Instant now() const noexcept override {
    const std::lock_guard lock{mutex_};
    return now_;
  }

  [[nodiscard]] std::vector<json::object> sent(std::string_view name) const {
    const std::lock_guard lock{mutex_};
    std::vector<json::object> found;
    for (const json::object& message : sent_) {
      if (const auto* one = message.if_contains(name)) found.push_back(one->as_object());
    }
    return found;
  }

 private:
  json::object arguments_;
  Instant end_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Instant now_ = kBegin;
  std::vector<json::object> sent_;
};

}  // namespace

TEST_CASE("the job makes HLS and a file, reports, and ends when it is asked to") {
  const media::testing::TemporaryFolder folder;
  ProgramOrder order = small_order();
  order.hls_folder = folder.file("hls");
  order.recording_file = folder.file("program.mp4");
  SimulatedContext context{order, 4s};
  context.commands.push_back({{"layout", json::value(json::object{{"layout", "speaker"}})}});
  context.commands.push_back({{"layout", "nonsense"}});
  context.commands.push_back({{"removeTarget", json::value(json::object{{"id", "none"}})}});
  context.commands.push_back({{"unknown", 1}});
  CHECK(run_program(context) == 0);

  const auto figures = context.sent("figures");
  CHECK(figures.size() >= 2);
  CHECK(from_json<ProgramFigures>(json::value(figures.back())).recording_problem.empty());
  const auto files = context.sent("hls");
  REQUIRE(!files.empty());
  CHECK(from_json<HlsFile>(json::value(files.front())).kind == HlsFileKind::initialisation);

  media::FileReader recorded{order.recording_file};
  REQUIRE(recorded.tracks().size() == 2);
  MediaTime sound_end{};
  for (const media::Packet& packet : media::testing::all_packets(recorded)) {
    const bool video = media::is_video(recorded.tracks()[packet.track].codec);
    if (!video) sound_end = std::max(sound_end, packet.pts + packet.duration);
  }
  // Sound is never left out: from the beginning, 200 ms after the start, to the end.
  CHECK(sound_end >= 3'700ms);
}

TEST_CASE("an order that makes no sense is refused") {
  ProgramOrder order = small_order();
  SUBCASE("odd width") { order.width = 161; }
  SUBCASE("no rate") { order.frames_per_second = 0; }
  SUBCASE("no segments") { order.segment_ms = 0; }
  SUBCASE("parts longer than segments") { order.part_ms = 2'000; }
  SUBCASE("a delay of a minute") { order.delay_ms = 60'000; }
  SimulatedContext context{order, 1s};
  CHECK_THROWS_AS(run_program(context), Error);
}

TEST_CASE("pictures that find the queue full are left out, sound and commands are not") {
  CoderQueue queue{2};
  for (int i = 0; i < 5; ++i) {
    ProgramMoment moment{.at = MediaTime{i}};
    moment.picture = media::VideoFrame{kPicture};
    moment.sound.samples.resize(8);
    CHECK(queue.push(std::move(moment)) == (i < 2));
  }
  CHECK(queue.push(RemoveTarget{.id = "a"}));
  queue.close();
  for (int i = 0; i < 5; ++i) {
    const auto item = queue.pop();
    REQUIRE(item);
    const auto& moment = std::get<ProgramMoment>(*item);
    CHECK(moment.at == MediaTime{i});
    CHECK(static_cast<bool>(moment.picture) == (i < 2));
    CHECK(moment.sound.frames() == 4);
  }
  CHECK(std::holds_alternative<RemoveTarget>(queue.pop().value()));
  CHECK(!queue.pop());
}

}  // namespace sluice::livestream
