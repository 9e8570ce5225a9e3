// What making a product costs: a session of cameras that move (VP8, as browsers send it) and microphones, made by the
// job `produce` itself, from the files to the finished MP4, in this process.
//
//   production_cost FOLDER [participants: 9] [seconds: 20] [camera: 640x360] [low|medium|high|ultra: high] [threads: 2]
//                   [mp4|webm|mp3: mp4]
//
// The session is written into FOLDER first, which takes longer than what is measured, and is used again where it is
// there. Prints JSON: `speed_percent` of 100 is real time, `core_percent` what it would keep busy at real time (100 for
// each core), `peak_megabytes` the largest resident memory.

#include <sys/resource.h>

#include <boost/json/serialize.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "plugins/recording/production.h"
#include "tests/bench/media/sitter.h"
#include "tests/bench/media/stopwatch.h"
#include "tests/unit/plugins/recording/session_fixture.h"

namespace {

using namespace sluice;
using namespace sluice::recording;
using media::bench::Sitter;
using media::bench::Stopwatch;

struct Meeting {
  std::string folder;
  int participants = 9;
  int seconds = 20;
  media::Size camera{640, 360};
  Quality quality = Quality::high;
  int threads = 2;
  Format format = Format::mp4;
};

Meeting read_arguments(const std::vector<std::string>& arguments) {
  if (arguments.empty()) throw std::runtime_error{"which folder?"};
  Meeting meeting{.folder = arguments[0]};
  if (arguments.size() > 1) meeting.participants = std::stoi(arguments[1]);
  if (arguments.size() > 2) meeting.seconds = std::stoi(arguments[2]);
  if (arguments.size() > 3 &&
      std::sscanf(arguments[3].c_str(), "%dx%d", &meeting.camera.width, &meeting.camera.height) != 2) {
    throw std::runtime_error{"a camera's size is like 640x360"};
  }
  if (arguments.size() > 4) meeting.quality = from_json<Quality>(json::value(arguments[4]));
  if (arguments.size() > 5) meeting.threads = std::stoi(arguments[5]);
  if (arguments.size() > 6) meeting.format = from_json<Format>(json::value(arguments[6]));
  return meeting;
}

std::string session_folder(const Meeting& meeting) {
  return meeting.folder + "/session-" + std::to_string(meeting.participants) + "-" + std::to_string(meeting.seconds) +
         "-" + std::to_string(meeting.camera.height);
}

void write_session(const Meeting& meeting) {
  const std::string folder = session_folder(meeting);
  if (std::filesystem::exists(folder + "/" + std::string{kJournalFile})) return;
  std::filesystem::create_directories(folder);
  testing::SessionFixture session{folder};
  const media::MediaTime end = std::chrono::seconds{meeting.seconds};
  for (int i = 0; i < meeting.participants; ++i) {
    const std::string id = "p" + std::to_string(i);
    session.add_participant(id, "Participant " + std::to_string(i));
    const Sitter sitter{meeting.camera, static_cast<std::uint32_t>(i)};
    testing::TestTrack track{.codec = media::Codec::vp8, .end = end, .size = meeting.camera};
    track.picture = [&sitter](std::int64_t frame) { return sitter.at(static_cast<int>(frame)); };
    session.add_speaker(id, track);
  }
  session.finish(end);
}

/// A job that runs here, and keeps the report.
class LocalJob final : public JobContext {
 public:
  explicit LocalJob(json::object arguments) : arguments_{std::move(arguments)} {}
  [[nodiscard]] const json::object& arguments() const noexcept override { return arguments_; }
  void send(const json::object& message) override {
    if (const auto* found = message.if_contains("report")) report = from_json<ProductionReport>(*found);
  }
  [[nodiscard]] std::optional<json::object> next_message() override { return std::nullopt; }
  [[nodiscard]] bool stop_requested() const noexcept override { return false; }
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> next_record(Instant) override { return std::nullopt; }
  [[nodiscard]] Instant now() const noexcept override { return {}; }

  ProductionReport report;

 private:
  json::object arguments_;
};

double peak_megabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1'000;
}

json::object measure(const Meeting& meeting) {
  ProductionOrder order;
  order.session_folder = session_folder(meeting);
  order.output_folder = meeting.folder + "/product";
  order.settings.layout = Layout::grid;
  order.settings.quality = meeting.quality;
  order.settings.format = meeting.format;
  order.threads = meeting.threads;
  LocalJob job{to_json(order).as_object()};
  Stopwatch watch;
  watch.resume();
  if (produce(job) != 0) throw std::runtime_error{"it was stopped"};
  watch.pause();
  const double length = static_cast<double>(job.report.duration_ms) / 1'000;
  const double bytes = static_cast<double>(job.report.files.at(0).bytes);
  return {{"participants", meeting.participants},
          {"camera", std::to_string(meeting.camera.width) + "x" + std::to_string(meeting.camera.height)},
          {"quality", to_json(meeting.quality)},
          {"format", to_json(meeting.format)},
          {"seconds", length},
          {"threads", meeting.threads},
          {"speed_percent", std::llround(length / watch.spent().wall.count() * 100)},
          {"core_percent", std::llround(watch.spent().cpu.count() / length * 100)},
          {"peak_megabytes", std::llround(peak_megabytes())},
          {"kbps", std::llround(bytes * 8 / 1'000 / length)}};
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Meeting meeting = read_arguments({argv + 1, argv + argc});
    write_session(meeting);
    std::cout << json::serialize(measure(meeting)) << '\n';
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "production_cost: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
