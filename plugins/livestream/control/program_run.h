#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "control/context.h"
#include "sluice/jobs.h"
#include "sluice/timers.h"

namespace sluice::livestream {

/// What a ProgramRun tells of its job.
class ProgramObserver {
 public:
  virtual ~ProgramObserver() = default;
  /// Of the next process, and each after it: where files go changes.
  [[nodiscard]] virtual ProgramOrder next_order() = 0;
  /// It runs and can be sent commands.
  virtual void began() = 0;
  virtual void reported(const json::object& message) = 0;
  /// It died and is started anew after a while.
  virtual void died(const std::string& why) = 0;
  /// It died too often: nothing follows.
  virtual void gave_up(const std::string& why) = 0;
  /// It was asked to stop, and is gone.
  virtual void ended() = 0;
};

/// The process of one stream's program, with its feed: started anew when it dies.
/// @note Control thread only. Nothing is told after its destruction, nor inside a call but `began` inside start().
class ProgramRun {
 public:
  /// Between a death and the next start: doubled with each death of the last minute.
  static constexpr std::chrono::seconds kFirstPause{1};
  static constexpr std::chrono::seconds kLongestPause{30};
  /// So many deaths within a minute, and it is given up.
  static constexpr std::size_t kMostDeaths = 5;
  /// How long a program may take to say goodbye.
  static constexpr std::chrono::seconds kStopTime{5};

  ProgramRun(Context& context, Room& room, ProgramObserver& observer)
      : context_{context}, room_{&room}, observer_{observer} {}

  /// Throws Error{limit_exceeded, internal} where no process can be started.
  void start();
  /// Nothing happens between a death and the next start.
  void send(json::object command);
  /// To who sends that track.
  void request_key_frame(std::int64_t track);
  /// Takes nothing of the room any more. `ended` follows, within kStopTime.
  void stop();

  [[nodiscard]] bool running() const noexcept { return job_ != nullptr; }
  [[nodiscard]] std::optional<int> pid() const { return job_ ? std::optional{job_->pid()} : std::nullopt; }
  [[nodiscard]] std::int64_t deaths() const noexcept { return deaths_in_all_; }
  /// Of the feed that runs.
  [[nodiscard]] Feed::Figures feed_figures() const { return feed_ ? feed_->figures() : Feed::Figures{}; }

 private:
  void launch();
  void over(const JobEnd& end);
  void count_death(const std::string& why);
  [[nodiscard]] Duration pause() const;

  Context& context_;
  Room* room_;  // nullptr: nothing of it is wanted any more
  ProgramObserver& observer_;
  std::unique_ptr<Job> job_;
  std::unique_ptr<Feed> feed_;  // goes before the job
  std::deque<Instant> deaths_;  // of the last minute
  std::int64_t deaths_in_all_ = 0;
  Timer timer_;  // the next start, or the end of patience
  bool stopping_ = false;
  Lifeline lifeline_;
};

}  // namespace sluice::livestream
