#pragma once

#include <string>
#include <vector>

#include "context.h"
#include "production_queue.h"
#include "record.h"
#include "recorder.h"
#include "sluice/timers.h"

namespace sluice::recording {

/// Deletes recordings: those whose time is over, those of deleted meetings, those that somebody has deleted. A row is
/// marked first, and nobody sees it any more; what lies on disks goes afterwards, and again after a crash until
/// nothing is left.
class Upkeep {
 public:
  static constexpr std::chrono::hours kInterval{1};
  static constexpr std::chrono::minutes kDiskInterval{1};
  /// How long a row outlives its files.
  static constexpr std::chrono::hours kForgottenAfter{24 * 30};

  Upkeep(Context& context, Recorder& recorder, ProductionQueue& queue)
      : context_{context}, recorder_{recorder}, queue_{queue} {}

  void start();
  /// Error{conflict} while it is being recorded. Done: the row says so.
  void remove(const Record& record, Function<void(Result<Ok, Error>)> done);
  /// All of the meeting's, also one that runs.
  void remove_of(const MeetingInfo& meeting);
  /// Removes what is left of those that are marked.
  void purge();

 private:
  void sweep();
  void look_at_disk();
  void mark_expired_ones();
  void purge_next();
  void purge_one(const Record& record);
  void purged(const std::string& id);

  Context& context_;
  Recorder& recorder_;
  ProductionQueue& queue_;
  std::vector<Record> doomed_;
  bool purging_ = false;
  bool again_ = false;  ///< something was marked meanwhile
  Timer timer_;
  Timer disk_timer_;
};

}  // namespace sluice::recording
