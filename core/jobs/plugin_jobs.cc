#include "core/jobs/plugin_jobs.h"

#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <system_error>
#include <utility>

#include "core/jobs/job_lines.h"
#include "core/jobs/running_job.h"

namespace sluice {

namespace {

constexpr int kMostNice = 19;

void demand_size(std::size_t bytes, std::size_t most, const char* what) {
  if (bytes > most) throw Error{ErrorCode::limit_exceeded, std::string{what} + " too long", {{"limit", most}}};
}

class JobHandle final : public Job {
 public:
  explicit JobHandle(std::shared_ptr<RunningJob> job) : job_{std::move(job)} {}
  ~JobHandle() override { job_->kill(); }
  JobHandle(const JobHandle&) = delete;
  JobHandle& operator=(const JobHandle&) = delete;

  [[nodiscard]] int pid() const noexcept override { return job_->pid(); }
  void send(json::object message) override {
    std::string line = json::serialize(message);
    demand_size(line.size(), kMaxJobMessage, "a message to a job is");
    job_->send(std::move(line) + '\n');
  }
  [[nodiscard]] std::shared_ptr<JobRecords> records() override { return job_->records(); }
  void stop() override { job_->stop(); }

 private:
  std::shared_ptr<RunningJob> job_;  // shared with its operations in progress
};

}  // namespace

PluginJobs::PluginJobs(Options options, ControlLoop& loop, std::shared_ptr<CallbackScope> scope, Log& log)
    : options_{std::move(options)}, loop_{loop}, scope_{std::move(scope)}, log_{log} {}

PluginJobs::~PluginJobs() { kill_all(); }

std::unique_ptr<Job> PluginJobs::start(JobOptions options, OnMessage on_message, OnEnd on_end) {
  if (std::ranges::find(options_.names, options.name) == options_.names.end()) {
    throw Error{ErrorCode::not_found, "the plugin has no job '" + options.name + "'"};
  }
  std::erase_if(running_, [](const auto& job) {
    const auto alive = job.lock();
    return alive == nullptr || alive->ended();
  });
  if (running_.size() >= kMaxJobs) {
    throw Error{ErrorCode::limit_exceeded, "too many jobs run", {{"limit", kMaxJobs}}};
  }
  demand_size(json::serialize(options.arguments).size(), kMaxJobArguments, "the arguments of a job are");
  std::string first = start_line({.parent = ::getpid(),
                                  .nice = std::clamp(options.nice, 0, kMostNice),
                                  .cpus = options.cpus,
                                  .arguments = std::move(options.arguments)});

  auto job = run(options);
  job->begin(
      std::move(first),
      [scope = scope_, callback = std::move(on_message)](json::object message) mutable {
        if (callback) scope->call("job message", [&] { callback(std::move(message)); });
      },
      [scope = scope_, callback = std::move(on_end)](const JobEnd& end) mutable {
        if (callback) scope->call("job end", [&] { callback(end); });
      });
  return std::make_unique<JobHandle>(std::move(job));
}

std::shared_ptr<RunningJob> PluginJobs::run(const JobOptions& options) {
  try {
    const JobLaunch launch{
        .program = options_.program, .library = options_.library, .job = options.name, .records = options.records};
    auto job = std::make_shared<RunningJob>(loop_.context(), start_job_process(launch), options.name, log_);
    running_.push_back(job);
    log_.debug("a job has been started", {{"job", options.name}, {"pid", job->pid()}});
    return job;
  } catch (const std::system_error& error) {
    log_.error("no process can be started for a job", {{"job", options.name}, {"error", error.what()}});
    throw Error{ErrorCode::internal, "no process can be started"};
  }
}

std::size_t PluginJobs::running() const {
  return static_cast<std::size_t>(std::ranges::count_if(running_, [](const auto& job) {
    const auto alive = job.lock();
    return alive != nullptr && !alive->ended();
  }));
}

void PluginJobs::kill_all() noexcept {
  for (const auto& weak : std::exchange(running_, {})) {
    if (const auto job = weak.lock()) job->kill();
  }
}

}  // namespace sluice
