#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/control/callback_scope.h"
#include "core/control/control_loop.h"
#include "core/jobs/job_process.h"
#include "sluice/jobs.h"
#include "sluice/log.h"

namespace sluice {

class RunningJob;

/// The Jobs of one plugin: its callbacks run in the plugin's scope.
/// @note Control thread only.
class PluginJobs final : public Jobs {
 public:
  struct Options {
    std::string library;                ///< the plugin's
    std::vector<std::string> names;     ///< of the library's SLUICE_JOBS
    std::string program = kOwnProgram;  ///< what is started with `--job <library> <name>`
  };

  PluginJobs(Options options, ControlLoop& loop, std::shared_ptr<CallbackScope> scope, Log& log);
  /// Kills.
  ~PluginJobs() override;
  PluginJobs(const PluginJobs&) = delete;
  PluginJobs& operator=(const PluginJobs&) = delete;

  [[nodiscard]] std::unique_ptr<Job> start(JobOptions options, OnMessage on_message, OnEnd on_end) override;
  [[nodiscard]] std::size_t running() const;
  /// Ends all that run, without a word to the plugin.
  void kill_all() noexcept;

 private:
  [[nodiscard]] std::shared_ptr<RunningJob> run(const JobOptions& options);

  Options options_;
  ControlLoop& loop_;
  std::shared_ptr<CallbackScope> scope_;
  Log& log_;
  std::vector<std::weak_ptr<RunningJob>> running_;
};

}  // namespace sluice
