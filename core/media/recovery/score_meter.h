#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "sluice/time.h"

namespace sluice {

/// How well a stream gets through, from 0 (nothing does) to 10 (as it was sent), over the last seconds.
///
///     of an interval: 10 * max(0, 1 - 6 * unrepaired - repaired / 2) * (1 - late)
///     late:           (round trip / 2 + 2 * jitter - 150 ms) per second, from 0 to 1/2
///
/// `unrepaired` and `repaired` are shares of the packets expected: what stayed lost hurts, what came again only took
/// longer. 150 ms one way is what ITU-T G.114 finds unnoticed. The score goes half of the way to a worse interval, and
/// a quarter of the way to a better one.
///
/// For what is received: the counts of the stream's receiver. For what is sent: the client's receiver reports, with
/// what was sent again as repaired. @note One thread.
class ScoreMeter {
 public:
  /// Since the stream's beginning; what falls behind begins anew.
  struct Totals {
    std::int64_t expected = 0;
    std::int64_t lost = 0;      ///< on the first way, RFC 3550 section 6.4.1
    std::int64_t repaired = 0;  ///< of these, by retransmission
  };
  struct Delay {
    Duration jitter{};
    Duration round_trip{};
  };

  /// An interval ends; about a second each. One in which nothing was expected says nothing.
  void update(const Totals& totals, const Delay& delay) noexcept;
  /// None before the first interval.
  [[nodiscard]] std::optional<double> value() const noexcept { return value_; }

 private:
  std::optional<Totals> before_;
  std::optional<double> value_;
};

}  // namespace sluice
