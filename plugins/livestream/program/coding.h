#pragma once

#include <atomic>
#include <string>

#include "program/coder_queue.h"
#include "program/output_set.h"
#include "program/program_coder.h"
#include "program/program_meter.h"
#include "sluice/jobs.h"

namespace sluice::livestream {

/// The second half of the program, on a thread of its own: codes what the first one makes, gives it to the outputs, and
/// reports.
class Coding final : private Output, private OutputListener {
 public:
  /// Throws where an encoder cannot be used or an output cannot begin.
  Coding(JobContext& context, const ProgramOrder& order);

  /// Until the queue is closed and empty, then ends the outputs in order. Whatever goes wrong closes the queue.
  void run(CoderQueue& queue) noexcept;
  /// After run(): why it ended by itself; empty: it did not.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }
  /// Whether an output has asked for a key frame since the last call. Any thread.
  [[nodiscard]] bool take_key_frame_wish() noexcept { return key_frame_wanted_.exchange(false); }

 private:
  void put(const ProgramPacketPtr& packet) override;
  void finish() override { outputs_.finish(); }
  void on_target(const TargetReport& report) override;
  void on_hls_file(const HlsFile& file) override;
  void on_key_frame_wanted() override { key_frame_wanted_ = true; }
  [[nodiscard]] Instant now() const override { return context_.now(); }

  void take(ProgramMoment&& moment);
  void take(AddTarget&& target) { outputs_.add(target); }
  void take(RemoveTarget&& target) { outputs_.remove(target); }
  void code_all(CoderQueue& queue);
  void report(MediaTime at);

  JobContext& context_;
  OutputSet outputs_;
  ProgramCoder coder_;
  ProgramMeter meter_;
  MediaTime told_at_{};
  std::atomic<bool> key_frame_wanted_ = false;
  std::string problem_;
};

}  // namespace sluice::livestream
