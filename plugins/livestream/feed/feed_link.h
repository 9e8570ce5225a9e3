#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <variant>
#include <vector>

#include "feed/feed_records.h"

namespace sluice::livestream {

/// The scene has changed.
struct SceneNote {
  FeedEntry entry;  ///< no track's beginning or end, and no packet
};
/// Its packets come from here on.
struct TrackToFeed {
  FeedTrack track;
  std::shared_ptr<TapReader> reader;  ///< shared with the tap
};
/// Nothing comes into its queue any more: what is there is the last of it.
struct TrackOver {
  TrackNumber track = 0;
};
using FeedOrder = std::variant<SceneNote, TrackToFeed, TrackOver>;

/// Between the control side of a feed and the thread that writes: the only thing that both touch.
class FeedLink {
 public:
  /// Beyond these the control side begins nothing new; what it has begun it may always end.
  static constexpr std::size_t kMaxOrders = 1'024;

  // Control thread
  void push(FeedOrder order) {
    const std::lock_guard lock{mutex_};
    orders_.push_back(std::move(order));
  }
  /// So many wait that the job does not read.
  [[nodiscard]] bool full() const {
    const std::lock_guard lock{mutex_};
    return orders_.size() >= kMaxOrders;
  }
  /// After the last order.
  void end() noexcept { over_ = true; }

  // The writing thread
  /// All that wait, in order.
  [[nodiscard]] std::vector<FeedOrder> take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(orders_, {});
  }
  [[nodiscard]] bool over() const noexcept { return over_; }

  // What the thread has done
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<std::uint64_t> dropped_packets = 0;

 private:
  mutable std::mutex mutex_;
  std::vector<FeedOrder> orders_;
  std::atomic<bool> over_ = false;
};

}  // namespace sluice::livestream
