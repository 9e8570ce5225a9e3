#include "feed/feed_lane.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace sluice::livestream {
namespace {

/// Of one track before it is the next one's turn: a frame of video, or so.
constexpr std::size_t kPacketsInARow = 16;

}  // namespace

FeedLane::FeedLane(std::shared_ptr<FeedLink> link, std::shared_ptr<JobRecords> records)
    : link_{std::move(link)}, records_{std::move(records)} {}

void FeedLane::turn() {
  const bool last = link_->over();  // looked at before the orders are taken, so that these are the last ones
  sent_ = 0;
  if (!closed_ && (!full_ || send()) && follow_orders() && pack_tracks() && !record_.empty()) send();
  if (closed_) let_go();
  count_drops();
  over_ = last;
}

bool FeedLane::follow_orders() {
  // While some are left, those that come are the link's to bound.
  if (orders_.empty()) std::ranges::move(link_->take(), std::back_inserter(orders_));
  while (!orders_.empty()) {
    if (!std::visit([this](const auto& order) { return follow(order); }, orders_.front())) return false;
    orders_.pop_front();
  }
  return true;
}

bool FeedLane::follow(const SceneNote& note) { return pack(note.entry); }

bool FeedLane::follow(const TrackToFeed& order) {
  if (!pack(order.track)) return false;
  tracks_.push_back({.number = static_cast<TrackNumber>(order.track.track), .reader = order.reader});
  return true;
}

bool FeedLane::follow(const TrackOver& order) {
  const auto track = std::ranges::find(tracks_, order.track, &Track::number);
  if (track == tracks_.end()) return true;
  if (!pack_some(*track, std::numeric_limits<std::size_t>::max())) return false;
  if (!pack(FeedTrackEnd{order.track})) return false;
  drops_of_the_gone_ += track->reader->dropped();
  tracks_.erase(track);
  first_ = 0;
  return true;
}

// A few packets of each in turn, beginning with the one that was stopped at: behind a slow job all get their share.
bool FeedLane::pack_tracks() {
  std::size_t idle = 0;
  while (idle < tracks_.size() && sent_ < kRecordsPerTurn) {
    first_ %= tracks_.size();
    Track& track = tracks_[first_];
    if (!pack_some(track, kPacketsInARow)) return false;
    // Fewer than it might have had: its queue is empty.
    idle = track.waiting ? 0 : idle + 1;
    ++first_;
  }
  return true;
}

bool FeedLane::pack_some(Track& track, std::size_t most) {
  for (std::size_t packed = 0;; ++packed) {
    if (!track.waiting) track.waiting = track.reader->next();
    if (!track.waiting || packed == most) return true;
    const FeedPacket packet{.track = track.number,
                            .arrival = track.waiting->arrival,
                            .clock = track.waiting->clock,
                            .rtp = track.waiting->rtp};
    if (!pack(packet)) return false;
    track.waiting.reset();
  }
}

bool FeedLane::pack(const FeedEntry& entry) {
  if (record_.add(entry)) return true;
  if (record_.empty()) return true;  // longer than any record: nobody can be told
  return send() && pack(entry);
}

bool FeedLane::send() {
  const JobRecords::Write result = records_->write(record_.bytes());
  full_ = result == JobRecords::Write::full;
  closed_ = result == JobRecords::Write::closed;
  if (result != JobRecords::Write::done) return false;
  link_->bytes += record_.bytes().size();
  ++sent_;
  record_.clear();
  return true;
}

void FeedLane::count_drops() {
  std::uint64_t drops = drops_of_the_gone_;
  for (const Track& track : tracks_) drops += track.reader->dropped();
  link_->dropped_packets = drops;
}

// The job has ended: what it would have got is of no use, and the control side's orders go nowhere.
void FeedLane::let_go() {
  for (const Track& track : tracks_) drops_of_the_gone_ += track.reader->dropped();
  tracks_.clear();
  orders_.clear();
  record_.clear();
  (void)link_->take();
}

}  // namespace sluice::livestream
