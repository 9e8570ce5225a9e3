#pragma once

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/jobs/plugin_jobs.h"
#include "core/log/log.h"
#include "core/metrics/metric_registry.h"

namespace sluice::testing {

/// Scripts stand for the gateway's program: what a job could do on the channel, and what it should not.
class Workshop {
 public:
  Workshop() {
    std::string name = (std::filesystem::temp_directory_path() / "sluice-jobs-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  ~Workshop() { std::filesystem::remove_all(folder_); }

  std::unique_ptr<PluginJobs> jobs(const std::string& script) {
    const std::filesystem::path program = folder_ / "program";
    std::ofstream{program} << "#!/bin/bash\nread -r start <&3\n" << script << '\n';
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return std::make_unique<PluginJobs>(
        PluginJobs::Options{.library = "plugin.so", .names = {"job"}, .program = program.string()}, loop, scope,
        null_log());
  }

  /// Starts the script, and waits until it has ended.
  JobEnd run(const std::string& script, JobOptions options = {.name = "job", .arguments = {}}) {
    const auto jobs = this->jobs(script);
    const auto job = jobs->start(std::move(options), collect(), end());
    loop.run();
    REQUIRE(ended);
    return *ended;
  }

  Jobs::OnMessage collect() {
    return [this](json::object message) { heard.push_back(std::move(message)); };
  }
  Jobs::OnEnd end() {
    return [this](const JobEnd& how) {
      REQUIRE_FALSE(ended);
      ended = how;
      loop.stop();
    };
  }

  ManualClock clock;
  MetricRegistry metrics;
  ControlLoop loop{clock};
  std::shared_ptr<CallbackScope> scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "plugin"},
                                                                         clock, null_log(), metrics.component("t"));
  std::vector<json::object> heard;
  std::optional<JobEnd> ended;

 private:
  std::filesystem::path folder_;
};

inline ErrorCode refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("nothing was thrown");
  return ErrorCode::internal;
}

}  // namespace sluice::testing
