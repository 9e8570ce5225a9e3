#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "tests/simulation/bottleneck.h"
#include "tests/simulation/link.h"
#include "tests/simulation/random.h"

namespace sluice::emulator {

/// One direction of the emulated line, from end to end: a queue before a rate, then the delay, with the losses and the
/// rest that a simulation::Link asks for. Sans I/O: time is a parameter.
class LinkPipe {
 public:
  LinkPipe(const simulation::Link& link, std::uint64_t seed);

  /// What waits in the queue goes on at the new rate; what is behind it arrives as it would have.
  void configure(const simulation::Link& link, Instant now);
  [[nodiscard]] const simulation::Link& link() const noexcept { return link_; }

  void push(simulation::Parcel parcel, Instant now);
  /// The next that has arrived by `now`.
  [[nodiscard]] std::optional<simulation::Parcel> pop(Instant now);
  /// When to call pop(); none while nothing is under way.
  [[nodiscard]] std::optional<Instant> next_event() const noexcept;

  struct Counters {
    std::uint64_t datagrams = 0;  ///< that were pushed
    std::uint64_t delivered = 0;  ///< duplicates included
    std::uint64_t delivered_bytes = 0;
    std::uint64_t lost = 0;
    std::uint64_t queue_dropped = 0;
    std::uint64_t duplicated = 0;
    std::uint64_t reordered = 0;
  };
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
  [[nodiscard]] const simulation::Bottleneck& queue() const noexcept { return queue_; }

 private:
  /// Behind the queue; a long delay at a high rate is the most that this emulates.
  static constexpr std::size_t kMaxInFlight = 100'000;

  void leave(simulation::Parcel parcel, Instant departure);
  void drain_queue(Instant now);

  simulation::Link link_;
  simulation::Random random_;
  simulation::LinkNoise noise_;
  simulation::Bottleneck queue_;
  std::multimap<Instant, simulation::Parcel> in_flight_;
  Counters counters_;
};

}  // namespace sluice::emulator
