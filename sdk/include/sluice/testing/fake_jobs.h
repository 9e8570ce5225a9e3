#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "sluice/jobs.h"
#include "sluice/testing/fake_job_records.h"

namespace sluice::testing {

/// Jobs that do nothing: the test says what they send, and how they end.
class FakeJobs final : public Jobs {
 public:
  struct Started {
    JobOptions options;
    bool stop_asked = false;
    bool alive = true;  ///< the plugin still holds it, and it has not ended
    std::vector<json::object> told;
    std::shared_ptr<FakeJobRecords> records;  ///< shared with the plugin; null: not asked for
    OnMessage on_message;
    OnEnd on_end;
  };

  [[nodiscard]] std::unique_ptr<Job> start(JobOptions options, OnMessage on_message, OnEnd on_end) override {
    auto job = std::make_shared<Started>();
    job->options = std::move(options);
    if (job->options.records) job->records = std::make_shared<FakeJobRecords>();
    job->on_message = std::move(on_message);
    job->on_end = std::move(on_end);
    started.push_back(job);
    return std::make_unique<Handle>(job);
  }

  /// The job sends something; nothing happens where it is gone.
  static void enter_message(Started& job, json::object message) {
    if (job.alive && job.on_message) job.on_message(std::move(message));
  }
  static void enter_end(Started& job, const JobEnd& end) {
    close(job);
    if (std::exchange(job.alive, false) && job.on_end) job.on_end(end);
  }

  /// All that there have been.
  std::vector<std::shared_ptr<Started>> started;

 private:
  static void close(Started& job) {
    if (job.records != nullptr) job.records->answer(JobRecords::Write::closed);
  }

  class Handle final : public Job {
   public:
    explicit Handle(std::shared_ptr<Started> job) : job_{std::move(job)} {}
    ~Handle() override {
      close(*job_);
      job_->alive = false;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    [[nodiscard]] int pid() const noexcept override { return 1; }
    void send(json::object message) override { job_->told.push_back(std::move(message)); }
    [[nodiscard]] std::shared_ptr<JobRecords> records() override { return job_->records; }
    void stop() override { job_->stop_asked = true; }

   private:
    std::shared_ptr<Started> job_;  // shared with the test
  };
};

}  // namespace sluice::testing
