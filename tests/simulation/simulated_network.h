#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/base/byte_reader.h"
#include "sluice/media_types.h"
#include "sluice/time.h"
#include "tests/simulation/bottleneck.h"
#include "tests/simulation/link.h"
#include "tests/simulation/random.h"

namespace sluice::simulation {

/// Where a simulated endpoint is reached.
using Address = StrongNumber<struct SimulatedAddressTag, std::uint32_t>;

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
  /// What is under way stays so; what waits in a link's queue goes on at the new rate.
  void set_default_link(const Link& link);
  void set_link(Address from, Address to, const Link& link);

  /// A queue that several routes may share. Lives as long as the network.
  Bottleneck& add_bottleneck(const Bottleneck::Config& config);
  /// What goes from one to the other waits there, and not in a queue of its link's own.
  void route_through(Address from, Address to, Bottleneck& shared);
  /// What route_through() named, else the link's own.
  [[nodiscard]] Bottleneck& bottleneck(Address from, Address to) { return *path_of({from, to}).bottleneck; }

  struct RateStep {
    Duration after;  ///< from now on
    DataRate rate;
  };
  /// Changes a rate on time.
  void vary_rate(Bottleneck& bottleneck, std::span<const RateStep> steps);
  /// Does anything on time; at one instant in the order of the calls, and before datagrams and timers.
  void at(Instant when, std::function<void()> action) { actions_.emplace(when, std::move(action)); }

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
  // One route as far as it was used.
  struct Path {
    std::optional<Link> link{};  // none: the default
    LinkNoise noise{};
    Bottleneck own{{}};
    Bottleneck* bottleneck = nullptr;
  };
  struct Delivery {
    Route route;
    std::vector<std::uint8_t> datagram;
  };

  [[nodiscard]] Path& path_of(const Route& route);
  [[nodiscard]] const Link& link_of(const Path& path) const noexcept { return path.link ? *path.link : default_link_; }
  void leave(const Route& route, Path& path, std::vector<std::uint8_t> datagram, Instant departure);
  [[nodiscard]] std::optional<Instant> next_departure() const;
  bool step(Instant end);
  void act();
  void drain_bottlenecks();
  void drain(Bottleneck& bottleneck);
  void deliver_next();
  void fire_due_timers();

  Instant now_;
  Random random_;
  Link default_link_;
  std::map<Route, Path> paths_;                           // nodes stay where they are
  std::vector<std::unique_ptr<Bottleneck>> bottlenecks_;  // shared ones
  std::map<Address, Endpoint> endpoints_;
  std::multimap<Instant, std::function<void()>> actions_;
  std::multimap<Instant, Delivery> in_flight_;
  std::function<bool(Address, Address, std::vector<std::uint8_t>&)> interceptor_;
  Counters counters_;
};

}  // namespace sluice::simulation
