// Starts the jobs of this library for its clients, and tells them what becomes of these. The jobs themselves do what a
// job does, and what it should not.
#include "sluice/jobs.h"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "misbehaving_jobs.h"
#include "record_jobs.h"
#include "sluice/events.h"
#include "sluice/plugin.h"

namespace sluice::testing {

struct StartJob {
  std::string name;
  json::value arguments = json::object{};
  int nice = 10;
  std::optional<unsigned> cpus;
  bool records = false;
  static constexpr std::array kMayBeMissing{"arguments", "nice", "records"};
};
BOOST_DESCRIBE_STRUCT(StartJob, (), (name, arguments, nice, cpus, records))

struct TellJob {
  int pid = 0;
  json::value message = json::object{};
  static constexpr std::array kMayBeMissing{"message"};
};
BOOST_DESCRIBE_STRUCT(TellJob, (), (pid, message))

struct WriteRecords {
  int pid = 0;
  std::size_t count = 0;
};
BOOST_DESCRIBE_STRUCT(WriteRecords, (), (pid, count))

class JobsPlugin final : public Plugin {
 public:
  void start(Host& host, const Config&) override {
    host_ = &host;
    host.events().on<StartJob>("jobs:start", [this](Client& client, const StartJob& request) {
      return json::object{{"pid", start_job(client, request)}};
    });
    host.events().on<TellJob>("jobs:send", [this](Client&, const TellJob& request) {
      jobs_.at(request.pid)->send(request.message.as_object());
    });
    host.events().on<TellJob>("jobs:stop", [this](Client&, const TellJob& request) { jobs_.at(request.pid)->stop(); });
    host.events().on<WriteRecords>("jobs:write", [this](Client&, const WriteRecords& request) {
      return records(request.pid).write(request.count);
    });
    host.events().on<WriteRecords>("jobs:stream", [this](Client&, const WriteRecords& request) {
      records(request.pid).stream(request.count, host_->timers());
    });
    host.events().on<TellJob>("jobs:drop", [this](Client&, const TellJob& request) { jobs_.erase(request.pid); });
  }

 private:
  int start_job(Client& client, const StartJob& request) {
    auto job = host_->jobs().start(
        {.name = request.name,
         .arguments = request.arguments.as_object(),
         .nice = request.nice,
         .cpus = request.cpus,
         .records = request.records},
        [&client](json::object message) { client.send("jobs:message", std::move(message)); },
        [&client](const JobEnd& end) {
          client.send("jobs:end",
                      json::object{{"status", end.exit_status}, {"signal", end.signal}, {"error", end.error}});
        });
    const int pid = job->pid();
    if (auto records = job->records()) records_[pid] = std::make_unique<NumberedRecords>(std::move(records));
    jobs_[pid] = std::move(job);
    return pid;
  }

  NumberedRecords& records(int pid) {
    const auto found = records_.find(pid);
    if (found == records_.end()) throw Error{ErrorCode::not_found, "the job has no records"};
    return *found->second;
  }

  Host* host_ = nullptr;
  std::map<int, std::unique_ptr<Job>> jobs_;
  std::map<int, std::unique_ptr<NumberedRecords>> records_;  // longer than their jobs
};

}  // namespace sluice::testing

SLUICE_PLUGIN(sluice::testing::JobsPlugin, "jobs", "1.0.0")
SLUICE_JOBS({"echo", &sluice::testing::echo}, {"threads", &sluice::testing::threads}, {"look", &sluice::testing::look},
            {"status", &sluice::testing::status}, {"throw", &sluice::testing::throws},
            {"crash", &sluice::testing::crash}, {"chatter", &sluice::testing::chatter},
            {"too-long", &sluice::testing::too_long}, {"deaf", &sluice::testing::deaf},
            {"records", &sluice::testing::read_records})
