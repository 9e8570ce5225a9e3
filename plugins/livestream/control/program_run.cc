#include "control/program_run.h"

#include <algorithm>
#include <utility>

#include "sluice/log.h"

namespace sluice::livestream {

namespace {

constexpr std::chrono::minutes kMemory{1};

std::string reason_of(const JobEnd& end) {
  if (!end.error.empty()) return end.error;
  if (end.signal != 0) return "its process was ended by signal " + std::to_string(end.signal);
  return "its process ended with status " + std::to_string(end.exit_status);
}

}  // namespace

void ProgramRun::start() {
  JobOptions options{.name = "program",
                     .arguments = to_json(observer_.next_order()).as_object(),
                     .nice = context_.options.program.nice,
                     .records = true};
  job_ = context_.host.jobs().start(
      std::move(options), lifeline_.guard([this](const json::object& message) { observer_.reported(message); }),
      lifeline_.guard([this](const JobEnd& end) { over(end); }));
  feed_ = context_.parts.begin_feed(*room_, job_->records());
  observer_.began();
}

void ProgramRun::send(json::object command) {
  if (!job_ || stopping_) return;
  try {
    job_->send(std::move(command));
  } catch (const Error& error) {  // a thousand commands wait: it does not listen any more
    context_.host.log().warning(
        "a program does not take commands",
        {{"room", room_ == nullptr ? "" : room_->id()}, {"pid", job_->pid()}, {"error", error.what()}});
  }
}

// What the other process says is not trusted: it has read what the network sent.
void ProgramRun::request_key_frame(std::int64_t track) {
  if (!feed_ || track < 0 || track > std::numeric_limits<TrackNumber>::max()) return;
  feed_->request_key_frame(static_cast<TrackNumber>(track));
}

void ProgramRun::over(const JobEnd& end) {
  feed_.reset();
  job_.reset();
  if (stopping_) {
    timer_ = {};
    return observer_.ended();
  }
  count_death(reason_of(end));
}

void ProgramRun::count_death(const std::string& why) {
  const Instant now = context_.host.timers().now();
  context_.metrics.job_deaths.add();
  ++deaths_in_all_;
  deaths_.push_back(now);
  std::erase_if(deaths_, [now](Instant death) { return now - death > kMemory; });
  if (deaths_.size() >= kMostDeaths) return observer_.gave_up(why);
  timer_ = context_.host.timers().after(pause(), [this] { launch(); });
  observer_.died(why);
}

Duration ProgramRun::pause() const {
  const auto doublings = std::min<std::size_t>(deaths_.size() - 1, 5);
  return std::min<Duration>(kFirstPause * (1 << doublings), kLongestPause);
}

void ProgramRun::launch() {
  timer_ = {};
  try {
    start();
  } catch (const std::exception& error) {
    feed_.reset();
    job_.reset();
    count_death(error.what());
  }
}

void ProgramRun::stop() {
  if (std::exchange(stopping_, true)) return;
  feed_.reset();
  room_ = nullptr;
  timer_ = {};
  if (job_) job_->stop();
  // It may never end, and where there is none, nobody is told inside this call.
  timer_ = context_.host.timers().after(job_ ? Duration{kStopTime} : Duration::zero(), [this] {
    job_.reset();
    observer_.ended();
  });
}

}  // namespace sluice::livestream
