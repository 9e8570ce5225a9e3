#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "feed/feed_link.h"
#include "sluice/jobs.h"

namespace sluice::livestream {

/// The writing side of one feed: orders and packets into records, records to the job.
/// @note One thread, that of all feeds. Never waits.
class FeedLane {
 public:
  /// At most, in one turn: feeds take turns.
  static constexpr std::size_t kRecordsPerTurn = 64;

  FeedLane(std::shared_ptr<FeedLink> link, std::shared_ptr<JobRecords> records);

  /// Writes what there is, as far as the job takes it. What is packed when it is full is kept for the next turn, and
  /// nothing is read from the taps meanwhile, whose queues drop what they cannot hold.
  void turn();
  /// There is nothing to do any more. What a job did not take by then it does not get.
  [[nodiscard]] bool over() const noexcept { return over_; }

 private:
  struct Track {
    TrackNumber number = 0;
    std::shared_ptr<TapReader> reader{};    // shared with the tap, which may be gone
    std::optional<TappedPacket> waiting{};  // taken, and not packed yet
  };

  // Each gives false where it could not go on; then nothing more is to be packed in this turn, and the same is to be
  // done again in the next one.
  bool follow_orders();
  bool follow(const SceneNote& note);
  bool follow(const TrackToFeed& order);
  bool follow(const TrackOver& order);
  bool pack_tracks();
  bool pack_some(Track& track, std::size_t most);
  bool pack(const FeedEntry& entry);
  bool send();

  void count_drops();
  void let_go();

  std::shared_ptr<FeedLink> link_;       // shared with the control side
  std::shared_ptr<JobRecords> records_;  // shared with the job
  std::deque<FeedOrder> orders_;
  std::vector<Track> tracks_;
  std::size_t first_ = 0;  // whose turn it is
  FeedRecord record_;
  bool full_ = false;  // the record waits for the job
  bool closed_ = false;
  bool over_ = false;
  std::size_t sent_ = 0;                 // records, in this turn
  std::uint64_t drops_of_the_gone_ = 0;  // packets of tracks that have ended
};

}  // namespace sluice::livestream
