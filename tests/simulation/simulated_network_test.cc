#include "tests/simulation/simulated_network.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

using namespace sluice;
using namespace sluice::simulation;
using namespace std::chrono_literals;

namespace {

constexpr Address kAlice{1};
constexpr Address kBob{2};
constexpr Instant kStart{};

struct Arrival {
  std::uint8_t first_byte;
  Duration after;
  friend bool operator==(const Arrival&, const Arrival&) = default;
};

struct Listener {
  explicit Listener(SimulatedNetwork& network) {
    network.attach(kBob, {.handle_datagram =
                              [this](Address, Bytes datagram, Instant now) {
                                arrivals.push_back({datagram.empty() ? std::uint8_t{0} : datagram[0], now - kStart});
                              },
                          .next_timeout = {},
                          .handle_timeout = {}});
  }
  std::vector<Arrival> arrivals;
};

void send_numbered(SimulatedNetwork& network, int count) {
  for (int i = 0; i < count; ++i) {
    const std::uint8_t byte = static_cast<std::uint8_t>(i);
    network.send(kAlice, kBob, Bytes{&byte, 1});
  }
}

}  // namespace

TEST_CASE("a datagram arrives once, after the delay of its link") {
  SimulatedNetwork network{1};
  Listener bob{network};
  network.set_default_link({.delay = 25ms});
  send_numbered(network, 1);
  network.run_until(kStart + 24ms);
  CHECK(bob.arrivals.empty());
  network.run_until(kStart + 25ms);
  CHECK(bob.arrivals == std::vector<Arrival>{{0, 25ms}});
  CHECK(network.now() == kStart + 25ms);
}

TEST_CASE("loss, duplication and reordering happen about as often as asked") {
  SimulatedNetwork network{7};
  Listener bob{network};
  network.set_default_link({.loss = 0.3, .duplication = 0.1, .reordering = 0.2});
  send_numbered(network, 10'000);
  network.run_for(1s);
  const auto& counters = network.counters();
  CHECK(counters.lost > 2'700);
  CHECK(counters.lost < 3'300);
  CHECK(counters.duplicated > 550);  // of the 7000 that are not lost
  CHECK(counters.duplicated < 850);
  CHECK(counters.reordered > 1'200);
  CHECK(counters.reordered < 1'600);
  CHECK(bob.arrivals.size() == counters.sent - counters.lost + counters.duplicated);
}

TEST_CASE("the same seed gives the same run, another seed another") {
  const auto run = [](std::uint64_t seed) {
    SimulatedNetwork network{seed};
    Listener bob{network};
    network.set_default_link({.jitter = 10ms, .loss = 0.2, .duplication = 0.1, .reordering = 0.1});
    send_numbered(network, 200);
    network.run_for(1s);
    return bob.arrivals;
  };
  CHECK(run(42) == run(42));
  CHECK(run(42) != run(43));
}

TEST_CASE("without jitter and reordering datagrams keep their order") {
  SimulatedNetwork network{1};
  Listener bob{network};
  send_numbered(network, 100);
  network.run_for(1s);
  REQUIRE(bob.arrivals.size() == 100);
  for (int i = 0; i < 100; ++i) CHECK(bob.arrivals[static_cast<std::size_t>(i)].first_byte == i);
}

TEST_CASE("a timer fires at exactly the instant that it named") {
  SimulatedNetwork network{1};
  std::optional<Instant> deadline = kStart + 333ms;
  std::vector<Instant> fired;
  network.attach(kAlice, {.handle_datagram = {},
                          .next_timeout = [&] { return deadline; },
                          .handle_timeout =
                              [&](Instant now) {
                                fired.push_back(now);
                                deadline = fired.size() < 3 ? std::optional{now + 1s} : std::nullopt;
                              }});
  network.run_until(kStart + 10s);
  CHECK(fired == std::vector<Instant>{kStart + 333ms, kStart + 1333ms, kStart + 2333ms});
}

TEST_CASE("a timer that never moves on is an error of the test, not a hang") {
  SimulatedNetwork network{1};
  network.attach(
      kAlice,
      {.handle_datagram = {}, .next_timeout = [] { return std::optional{kStart}; }, .handle_timeout = [](Instant) {}});
  CHECK_THROWS_AS(network.run_for(1s), std::logic_error);
}

TEST_CASE("a bottleneck spaces datagrams by their size and drops what its queue does not hold") {
  SimulatedNetwork network{1};
  Listener bob{network};
  network.set_link(kAlice, kBob, {.delay = 0ms, .rate = DataRate::kbps(80), .queue_bytes = 3000});
  const std::vector<std::uint8_t> datagram(1000);
  for (int i = 0; i < 5; ++i) network.send(kAlice, kBob, datagram);
  network.run_for(10s);
  CHECK(bob.arrivals == std::vector<Arrival>{{0, 100ms}, {0, 200ms}, {0, 300ms}});
  CHECK(network.counters().queue_dropped == 2);
}

TEST_CASE("an endpoint that is detached hears nothing more") {
  SimulatedNetwork network{1};
  Listener bob{network};
  send_numbered(network, 1);
  network.detach(kBob);
  network.run_for(1s);
  CHECK(bob.arrivals.empty());
}

TEST_CASE("an interceptor can drop and change what is sent") {
  SimulatedNetwork network{1};
  Listener bob{network};
  network.set_interceptor([](Address, Address, std::vector<std::uint8_t>& datagram) {
    if (datagram[0] == 1) return false;
    datagram[0] = static_cast<std::uint8_t>(datagram[0] + 100);
    return true;
  });
  send_numbered(network, 3);
  network.run_for(1s);
  CHECK(bob.arrivals == std::vector<Arrival>{{100, 20ms}, {102, 20ms}});
}

TEST_CASE("what waits in a link's queue goes on at the new rate when it changes") {
  SimulatedNetwork network{1};
  Listener bob{network};
  network.set_link(kAlice, kBob, {.delay = 0ms, .rate = DataRate::kbps(80)});
  network.vary_rate(network.bottleneck(kAlice, kBob),
                    std::array{SimulatedNetwork::RateStep{150ms, DataRate::kbps(40)},
                               SimulatedNetwork::RateStep{450ms, DataRate::kbps(800)}});
  const std::vector<std::uint8_t> datagram(1000);
  for (int i = 0; i < 4; ++i) network.send(kAlice, kBob, datagram);
  network.run_for(10s);
  // The second has half of its bytes left when the rate falls, the fourth all of them when it rises.
  CHECK(bob.arrivals == std::vector<Arrival>{{0, 100ms}, {0, 250ms}, {0, 450ms}, {0, 460ms}});
}

TEST_CASE("routes that share a bottleneck wait for each other and keep delays of their own") {
  constexpr Address kCarol{3};
  SimulatedNetwork network{1};
  Listener bob{network};
  Bottleneck& shared = network.add_bottleneck({.rate = DataRate::kbps(80), .queue_time = 300ms});
  network.set_link(kAlice, kBob, {.delay = 10ms});
  network.set_link(kCarol, kBob, {.delay = 70ms});
  network.route_through(kAlice, kBob, shared);
  network.route_through(kCarol, kBob, shared);
  std::vector<std::uint8_t> datagram(1000);
  for (const Address from : {kAlice, kCarol, kAlice, kCarol}) {
    datagram[0] = static_cast<std::uint8_t>(from.value());
    network.send(from, kBob, datagram);
  }
  network.run_for(10s);
  CHECK(bob.arrivals == std::vector<Arrival>{{1, 110ms}, {3, 270ms}, {1, 310ms}});
  CHECK(shared.counters().datagrams == 3);
  CHECK(shared.counters().dropped == 1);
  CHECK(shared.counters().waits.quantile(1) == 200ms);
}

TEST_CASE("an action happens on time, and in the order in which it was asked for") {
  SimulatedNetwork network{1};
  std::vector<std::pair<char, Duration>> done;
  network.at(kStart + 20ms, [&] { done.emplace_back('b', network.now() - kStart); });
  network.at(kStart + 10ms, [&] { done.emplace_back('a', network.now() - kStart); });
  network.at(kStart + 20ms, [&] { done.emplace_back('c', network.now() - kStart); });
  network.run_for(1s);
  CHECK(done == std::vector<std::pair<char, Duration>>{{'a', 10ms}, {'b', 20ms}, {'c', 20ms}});
}
