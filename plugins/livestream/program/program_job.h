#pragma once

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "program/coder_queue.h"
#include "program/coding.h"
#include "program/live_program.h"
#include "sluice/jobs.h"
#include "stream_job.h"

namespace sluice::livestream {

/// The job around the program: records and commands in, moments to the thread that codes them, reports out.
class ProgramJob {
 public:
  /// Throws Error{invalid_payload} where the order makes no sense, media::MediaError where it cannot be carried out.
  ProgramJob(JobContext& context, const ProgramOrder& order);
  /// Until it is asked to stop. Does not return where it has to give up: the process ends, with the reason told.
  int run();

 private:
  /// Where the thread of commands leaves them.
  class Inbox {
   public:
    static constexpr std::size_t kMax = 1'024;
    void push(json::object command);
    [[nodiscard]] std::vector<json::object> take();

   private:
    std::mutex mutex_;
    std::vector<json::object> commands_;
  };

  void make_moments();
  void begin();
  void take_records(Instant until);
  void take_commands();
  void take_command(const json::object& command);
  void make_moment();
  void send_wishes();

  JobContext& context_;
  ProgramOrder order_;
  Coding coding_;
  media::Compositor compositor_;  // until the program has it
  CoderQueue queue_;
  Inbox inbox_;
  std::optional<LiveProgram> program_;  // from its beginning on
};

}  // namespace sluice::livestream
