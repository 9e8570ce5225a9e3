#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sluice/data_rate.h"
#include "sluice/time.h"
#include "tests/simulation/delay_histogram.h"

namespace sluice::simulation {

/// A datagram under way; `tag` is for whoever put it in.
struct Parcel {
  std::vector<std::uint8_t> bytes;
  std::uint64_t tag = 0;
};

/// A line of a certain rate with a queue before it, which drops what it does not hold (drop tail). Any number of flows
/// may go through it. Sans I/O: time is a parameter, and never runs backwards.
class Bottleneck {
 public:
  struct Config {
    DataRate rate{};                      ///< zero: whatever comes leaves at once
    std::size_t queue_bytes = 64 * 1024;  ///< that may be here, the one on the line included
    Duration queue_time{};                ///< likewise, at the rate of the moment; zero: only the bytes count
  };

  explicit Bottleneck(const Config& config) noexcept : config_{config} {}

  /// What is here already goes on at the new rate and is not dropped.
  void configure(const Config& config, Instant now) noexcept;
  void set_rate(DataRate rate, Instant now) noexcept;
  [[nodiscard]] const Config& config() const noexcept { return config_; }

  /// @return false: the queue is full, it is dropped.
  bool push(Parcel parcel, Instant now);

  struct Departure {
    Parcel parcel;
    Instant at{};  ///< may lie before `now` of pop(), when that came late
  };
  /// The next that has left by `now`.
  [[nodiscard]] std::optional<Departure> pop(Instant now);
  /// When the next one leaves; none while nothing waits.
  [[nodiscard]] std::optional<Instant> next_departure() const noexcept;

  struct Counters {
    std::uint64_t datagrams = 0;  ///< that left
    std::uint64_t bytes = 0;      ///< of those
    std::uint64_t dropped = 0;
    DelayHistogram waits;  ///< from entering the queue to the beginning of the line
  };
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
  /// From here on counts afresh.
  void reset_counters() noexcept { counters_ = {}; }
  [[nodiscard]] std::size_t queued_bytes() const noexcept { return queued_bytes_; }
  [[nodiscard]] std::size_t queued_datagrams() const noexcept { return queue_.size(); }

 private:
  struct Waiting {
    Parcel parcel;
    Instant since;
  };

  [[nodiscard]] bool has_room(std::size_t bytes) const noexcept;
  void begin_line(Instant now) noexcept;
  void advance_line(Instant now) noexcept;

  Config config_;
  std::deque<Waiting> queue_;  // the first is on the line
  std::size_t queued_bytes_ = 0;
  // Of the first: what it still takes, in bits times 10^9 so that a nanosecond of the rate is a whole number, as of
  // then.
  std::int64_t work_left_ = 0;
  Instant as_of_{};
  Counters counters_;
};

}  // namespace sluice::simulation
