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
#include "sluice/events.h"
#include "sluice/plugin.h"

namespace sluice::testing {

struct StartJob {
  std::string name;
  json::value arguments = json::object{};
  int nice = 10;
  std::optional<unsigned> cpus;
  static constexpr std::array kMayBeMissing{"arguments", "nice"};
};
BOOST_DESCRIBE_STRUCT(StartJob, (), (name, arguments, nice, cpus))

struct TellJob {
  int pid = 0;
  json::value message = json::object{};
  static constexpr std::array kMayBeMissing{"message"};
};
BOOST_DESCRIBE_STRUCT(TellJob, (), (pid, message))

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
    host.events().on<TellJob>("jobs:drop", [this](Client&, const TellJob& request) { jobs_.erase(request.pid); });
  }

 private:
  int start_job(Client& client, const StartJob& request) {
    auto job = host_->jobs().start(
        {.name = request.name, .arguments = request.arguments.as_object(), .nice = request.nice, .cpus = request.cpus},
        [&client](json::object message) { client.send("jobs:message", std::move(message)); },
        [&client](const JobEnd& end) {
          client.send("jobs:end",
                      json::object{{"status", end.exit_status}, {"signal", end.signal}, {"error", end.error}});
        });
    const int pid = job->pid();
    jobs_[pid] = std::move(job);
    return pid;
  }

  Host* host_ = nullptr;
  std::map<int, std::unique_ptr<Job>> jobs_;
};

}  // namespace sluice::testing

SLUICE_PLUGIN(sluice::testing::JobsPlugin, "jobs", "1.0.0")
SLUICE_JOBS({"echo", &sluice::testing::echo}, {"threads", &sluice::testing::threads}, {"look", &sluice::testing::look},
            {"status", &sluice::testing::status}, {"throw", &sluice::testing::throws},
            {"crash", &sluice::testing::crash}, {"chatter", &sluice::testing::chatter},
            {"too-long", &sluice::testing::too_long}, {"deaf", &sluice::testing::deaf})
