#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "feed/feed.h"
#include "feed/feed_lane.h"
#include "feed/room_changes.h"

namespace sluice::livestream {

/// Who writes.
enum class FeedThreadRuns : std::uint8_t {
  on_its_own,
  on_the_caller  ///< of turn(): for tests, in which nothing happens by itself
};

class FeedThread {
 public:
  explicit FeedThread(FeedThreadRuns runs);
  ~FeedThread();
  FeedThread(const FeedThread&) = delete;
  FeedThread& operator=(const FeedThread&) = delete;

  // Control thread
  void add(std::unique_ptr<FeedLane> lane);
  [[nodiscard]] RoomChanges& changes() noexcept { return changes_; }
  /// Each feed once. Only where there is no thread.
  void turn();
  /// Only where there is no thread.
  [[nodiscard]] std::size_t feeds() const noexcept { return lanes_.size(); }

 private:
  void run(const std::stop_token& stopped);
  /// @return false: it is over.
  bool wait(const std::stop_token& stopped);

  RoomChanges changes_;                           // control thread
  std::mutex mutex_;                              // of added_
  std::vector<std::unique_ptr<FeedLane>> added_;  // control to this thread
  std::condition_variable_any woken_;             // something was added
  std::vector<std::unique_ptr<FeedLane>> lanes_;  // this thread
  std::jthread thread_;                           // the last member: joined before all else goes
};

[[nodiscard]] FeedThreadPtr make_feed_thread(FeedThreadRuns runs);

}  // namespace sluice::livestream
