#pragma once

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "plugins/recording/production.h"
#include "session_fixture.h"
#include "temporary_folder.h"

namespace sluice::testing {

/// The job's side of a job that runs here, in the test's process.
class RecordedJob final : public JobContext {
 public:
  explicit RecordedJob(json::object arguments) : arguments_{std::move(arguments)} {}
  [[nodiscard]] const json::object& arguments() const noexcept override { return arguments_; }
  void send(const json::object& message) override { sent.push_back(message); }
  [[nodiscard]] std::optional<json::object> next_message() override { return std::nullopt; }
  [[nodiscard]] bool stop_requested() const noexcept override { return sent.size() >= stop_after; }
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> next_record(Instant) override { return std::nullopt; }
  [[nodiscard]] Instant now() const noexcept override { return {}; }

  std::vector<json::object> sent;
  std::size_t stop_after = std::numeric_limits<std::size_t>::max();  ///< messages

 private:
  json::object arguments_;
};

/// A session and its production, in a folder of its own.
class ProductionRunner {
 public:
  ProductionRunner() {
    std::filesystem::create_directories(folder_ / "session");
    order.session_folder = folder_ / "session";
    order.output_folder = folder_ / "product";
    order.settings.quality = recording::Quality::low;
    order.settings.layout = recording::Layout::grid;
    order.settings.title = "Planning";
    order.preset = "ultrafast";
    order.threads = 2;
  }

  /// @return the job's status.
  int run() {
    RecordedJob job{to_json(order).as_object()};
    job.stop_after = stop_after;
    const int status = recording::produce(job);
    percents.clear();
    report.reset();
    for (const json::object& message : job.sent) {
      if (const auto* progress = message.if_contains("progress")) {
        percents.push_back(from_json<recording::ProductionProgress>(*progress).percent);
      }
      if (const auto* found = message.if_contains("report")) report = from_json<recording::ProductionReport>(*found);
    }
    return status;
  }

  [[nodiscard]] std::string product(const std::string& name = "recording.mp4") const {
    return order.output_folder + "/" + name;
  }
  /// Names in the output folder, sorted.
  [[nodiscard]] std::vector<std::string> output() const {
    std::vector<std::string> names;
    if (!std::filesystem::exists(order.output_folder)) return names;
    for (const auto& entry : std::filesystem::directory_iterator{order.output_folder}) {
      names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
  }

 private:
  TemporaryFolder folder_;

 public:
  recording::ProductionOrder order;
  SessionFixture session{folder_ / "session"};
  std::size_t stop_after = std::numeric_limits<std::size_t>::max();
  std::vector<int> percents;
  std::optional<recording::ProductionReport> report;
};

}  // namespace sluice::testing
