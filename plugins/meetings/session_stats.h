#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "sluice/time.h"

namespace sluice::meetings {

/// What one run of a meeting comes to.
struct SessionNumbers {
  std::int64_t duration_seconds = 0;
  std::int64_t total_joins = 0;
  std::int64_t max_participants = 0;    ///< at once
  std::int64_t total_participants = 0;  ///< different ones
  double average_participants = 0;      ///< over the whole time
};

/// Counts who is in a meeting, and for how long. Time is a parameter.
class SessionStats {
 public:
  /// Beyond these, who comes counts as somebody who was there before.
  static constexpr std::size_t kMostDifferent = 100'000;

  explicit SessionStats(Instant now) : started_{now}, counted_until_{now} {}

  /// The same participant again is no other one.
  void joined(std::string_view participant_id, std::string_view user_id, Instant now);
  void left(std::string_view participant_id, Instant now);
  [[nodiscard]] std::size_t present() const noexcept { return present_.size(); }
  /// Whether anybody has ever been there.
  [[nodiscard]] bool attended() const noexcept { return joins_ > 0; }
  [[nodiscard]] SessionNumbers at(Instant now) const;

 private:
  void count_until(Instant now);

  Instant started_;
  Instant counted_until_;
  double participant_seconds_ = 0;
  std::int64_t joins_ = 0;
  std::int64_t most_ = 0;
  std::set<std::string, std::less<>> present_;    // participants' ids
  std::set<std::string, std::less<>> different_;  // users' ids
};

}  // namespace sluice::meetings
