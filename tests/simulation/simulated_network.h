#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/byte_reader.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice::simulation {

/// Where a simulated endpoint is reached.
using Address = StrongNumber<struct SimulatedAddressTag, std::uint32_t>;

/// What one direction between two addresses does to datagrams. Probabilities are from 0 to 1.
struct Link {
  Duration delay = std::chrono::milliseconds{20};
  Duration jitter{};       ///< up to this much is added to `delay`, uniformly; it reorders what is sent close together
  double loss = 0;         ///< not delivered
  double duplication = 0;  ///< delivered twice, the second after one more `delay`
  double reordering = 0;   ///< held back by `reorder_delay`, so that later ones overtake it
  Duration reorder_delay = std::chrono::milliseconds{30};
  std::uint64_t bits_per_second = 0;    ///< capacity of the bottleneck; 0 is unlimited
  std::size_t queue_bytes = 64 * 1024;  ///< what may wait before the bottleneck; more is dropped
};

/// One endpoint, as callbacks. `handle_timeout` is called at exactly the instant that `next_timeout` names; both may be
/// left out. Callbacks may send.
struct Endpoint {
  std::function<void(Address from, Bytes datagram, Instant now)> handle_datagram;
  std::function<std::optional<Instant>()> next_timeout;
  std::function<void(Instant now)> handle_timeout;
};

/// Datagrams and timers of any number of endpoints in one thread and in simulated time. The same seed and the same
/// calls give the same run on every machine.
class SimulatedNetwork {
 public:
  explicit SimulatedNetwork(std::uint64_t seed, Instant start = Instant{}) noexcept : now_{start}, random_{seed} {}

  void attach(Address address, Endpoint endpoint);
  /// Datagrams under way to it are lost.
  void detach(Address address) { endpoints_.erase(address); }

  /// How datagrams go from any address to any other, unless set_link() says otherwise.
  void set_default_link(Link link) { default_link_ = link; }
  void set_link(Address from, Address to, Link link) { links_[{from, to}] = link; }

  void send(Address from, Address to, Bytes datagram);

  /// Looks at, and may change, each datagram before the network takes it; `false` drops it. For tests that aim.
  void set_interceptor(std::function<bool(Address from, Address to, std::vector<std::uint8_t>& datagram)> interceptor) {
    interceptor_ = std::move(interceptor);
  }

  [[nodiscard]] Instant now() const noexcept { return now_; }
  /// When the next datagram arrives or the next timer is due.
  [[nodiscard]] std::optional<Instant> next_event() const;

  /// Delivers and fires all that is due up to and including `end`, in order; then it is `end`.
  void run_until(Instant end);
  void run_for(Duration duration) { run_until(now_ + duration); }
  /// Runs until `condition` holds after an event. @return whether it did before `limit` had passed.
  bool run_while_not(const std::function<bool()>& condition, Duration limit);

  struct Counters {
    std::uint64_t sent = 0;
    std::uint64_t delivered = 0;
    std::uint64_t lost = 0;
    std::uint64_t duplicated = 0;
    std::uint64_t reordered = 0;
    std::uint64_t queue_dropped = 0;
  };
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

 private:
  using Route = std::pair<Address, Address>;
  struct Delivery {
    Route route;
    std::vector<std::uint8_t> datagram;
  };
  // SplitMix64; the distributions of <random> differ from library to library.
  class Random {
   public:
    explicit Random(std::uint64_t seed) noexcept : state_{seed} {}
    [[nodiscard]] double unit() noexcept;
    [[nodiscard]] bool happens(double probability) noexcept { return unit() < probability; }

   private:
    std::uint64_t state_;
  };

  [[nodiscard]] const Link& link_of(const Route& route) const;
  [[nodiscard]] std::optional<Instant> after_bottleneck(const Route& route, const Link& link, std::size_t bytes);
  void deliver(Instant when, const Route& route, std::vector<std::uint8_t> datagram);
  bool step(Instant end);
  void deliver_next();
  void fire_due_timers();

  Instant now_;
  Random random_;
  Link default_link_;
  std::map<Route, Link> links_;
  std::map<Route, Instant> bottleneck_free_;
  std::map<Address, Endpoint> endpoints_;
  std::multimap<Instant, Delivery> in_flight_;
  std::function<bool(Address, Address, std::vector<std::uint8_t>&)> interceptor_;
  Counters counters_;
};

}  // namespace sluice::simulation
