#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "sluice/data_rate.h"
#include "sluice/time.h"
#include "tests/simulation/random.h"

namespace sluice::simulation {

enum class JitterOrder : std::uint8_t {
  may_change,  ///< what is sent close together may overtake
  is_kept      ///< as in a queue whose service varies: a late one holds up those behind it
};

/// Losses that come together, after Gilbert and Elliott: a link is good or bad, and each datagram may change which.
/// On average a bad time lasts 1 / `leave` datagrams, and `enter` / (`enter` + `leave`) of all meet one.
struct LossBursts {
  double enter = 0;  ///< from good to bad; 0: the link stays good
  double leave = 1;  ///< from bad to good
  double loss = 1;   ///< while it is bad; while it is good, Link::loss holds
};

/// What one direction between two addresses does to datagrams. Probabilities are from 0 to 1.
struct Link {
  Duration delay = std::chrono::milliseconds{20};
  Duration jitter{};  ///< up to this much is added to `delay`, uniformly
  JitterOrder jitter_order = JitterOrder::may_change;
  double loss = 0;  ///< not delivered
  LossBursts bursts{};
  double duplication = 0;  ///< delivered twice, the second after one more `delay`
  double reordering = 0;   ///< held back by `reorder_delay`, so that later ones overtake it
  Duration reorder_delay = std::chrono::milliseconds{30};
  DataRate rate{};                      ///< capacity of the bottleneck; zero is unlimited
  std::size_t queue_bytes = 64 * 1024;  ///< what may wait before the bottleneck; more is dropped
  Duration queue_time{};                ///< likewise, by how long it would take; zero: only the bytes count
};

/// The chances of one link's datagrams, in their order.
class LinkNoise {
 public:
  /// Whether this one is lost.
  [[nodiscard]] bool loses(const Link& link, Random& random) noexcept;

  struct Arrivals {
    Instant first{};
    std::optional<Instant> duplicate{};
    bool reordered = false;
  };
  /// Of a datagram that left the bottleneck at `departure`.
  [[nodiscard]] Arrivals arrivals(const Link& link, Instant departure, Random& random) noexcept;

 private:
  bool bad_ = false;
  Instant latest_{Instant::min()};  // arrival, of those that keep their order
};

}  // namespace sluice::simulation
