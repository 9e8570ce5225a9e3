#pragma once

#include <map>
#include <utility>
#include <vector>

#include "feed/feed_records.h"
#include "sluice/time.h"

namespace sluice::livestream {

/// Key frames to be asked for: of each track at most twice a second.
class KeyFrameWishes {
 public:
  static constexpr Duration kApart = std::chrono::milliseconds{500};

  void add(TrackNumber track, Instant now) {
    const auto [asked, first] = asked_.try_emplace(track, now);
    if (!first && now - asked->second < kApart) return;
    asked->second = now;
    wishes_.push_back(track);
  }
  void forget(TrackNumber track) { asked_.erase(track); }
  [[nodiscard]] std::vector<TrackNumber> take() { return std::exchange(wishes_, {}); }

 private:
  std::map<TrackNumber, Instant> asked_;
  std::vector<TrackNumber> wishes_;
};

}  // namespace sluice::livestream
