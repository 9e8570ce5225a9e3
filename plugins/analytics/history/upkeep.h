#pragma once

#include <deque>
#include <utility>

#include "history/context.h"
#include "history/store_task.h"
#include "sluice/contracts/meetings.h"
#include "sluice/timers.h"

namespace sluice::analytics {

/// Deletes what is over its time, and what belongs to meetings that are deleted; a few rows at a time, so that who
/// writes meanwhile need not wait.
/// @note Control thread only.
class Upkeep {
 public:
  static constexpr std::chrono::minutes kInterval{5};
  static constexpr std::int64_t kRowsPerUnit = 2'000;
  /// Meetings that wait to be marked as deleted while the store fails; more are forgotten, with a line in the log.
  static constexpr std::size_t kMostWaiting = 10'000;

  Upkeep(Host& host, RetentionOptions retention) : host_{host}, retention_{retention} {}

  /// Begins, with what an earlier process has left.
  void start();
  void reconfigure(const RetentionOptions& retention) { retention_ = retention; }
  /// All that belongs to the meeting is not to be seen from the next commit on, and gone soon.
  void erase(const MeetingInfo& meeting);

 private:
  void sweep();
  void mark_next();
  void delete_some();

  Host& host_;
  RetentionOptions retention_;
  std::deque<std::pair<std::string, std::string>> to_erase_;  // tenant and meeting
  bool marking_ = false;
  bool deleting_ = false;
  Timer timer_;
  Lifeline lifeline_;
};

}  // namespace sluice::analytics
