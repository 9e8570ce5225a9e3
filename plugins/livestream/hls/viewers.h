#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sluice/http.h"
#include "sluice/time.h"

namespace sluice::livestream {

/// Who watches: HLS has no sessions, so those count who have asked for a playlist of late. One viewer is an address
/// (without its port: a player has many connections), a user agent and what the player gives as `?viewer=`, which tells
/// those apart who share the former. Nothing of it is kept longer than they watch.
class Viewers {
 public:
  /// @param most  More are not counted.
  /// @param stay  How long after a request somebody still watches.
  Viewers(std::size_t most, Duration stay) noexcept : most_{most}, stay_{stay} {}

  void saw(const HttpRequest& request, Instant now);
  /// Forgets those who have left.
  void expire(Instant now);

  [[nodiscard]] std::size_t now() const noexcept { return by_key_.size(); }
  [[nodiscard]] std::size_t peak() const noexcept { return peak_; }
  /// Who left and comes back counts again.
  [[nodiscard]] std::uint64_t in_all() const noexcept { return in_all_; }

 private:
  struct Viewer {
    std::string key;
    Instant seen;
  };
  using ByTime = std::list<Viewer>;

  std::size_t most_;
  Duration stay_;
  ByTime by_time_;                                                 // the one that was seen longest ago first
  std::unordered_map<std::string_view, ByTime::iterator> by_key_;  // keys are those of by_time_
  std::size_t peak_ = 0;
  std::uint64_t in_all_ = 0;
};

}  // namespace sluice::livestream
