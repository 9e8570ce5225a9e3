#include "tests/simulation/simulated_network.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sluice::simulation {
namespace {

// A timer that is due again at once, forever, would hold the simulation at one instant.
constexpr int kMaxTimersPerInstant = 1000;

void earliest(std::optional<Instant>& so_far, std::optional<Instant> candidate) {
  if (candidate && (!so_far || *candidate < *so_far)) so_far = candidate;
}

Bottleneck::Config queue_of(const Link& link) noexcept {
  return {.rate = link.rate, .queue_bytes = link.queue_bytes, .queue_time = link.queue_time};
}

// A route as the tag of a parcel.
std::uint64_t tag_of(Address from, Address to) noexcept { return std::uint64_t{from.value()} << 32 | to.value(); }
std::pair<Address, Address> route_of(std::uint64_t tag) noexcept {
  return {Address{static_cast<std::uint32_t>(tag >> 32)}, Address{static_cast<std::uint32_t>(tag)}};
}

}  // namespace

void SimulatedNetwork::attach(Address address, Endpoint endpoint) {
  endpoints_.insert_or_assign(address, std::move(endpoint));
}

SimulatedNetwork::Path& SimulatedNetwork::path_of(const Route& route) {
  const auto [found, is_new] = paths_.try_emplace(route);
  Path& path = found->second;
  if (is_new) {
    path.bottleneck = &path.own;
    path.own.configure(queue_of(default_link_), now_);
  }
  return path;
}

void SimulatedNetwork::set_default_link(const Link& link) {
  default_link_ = link;
  for (auto& [route, path] : paths_) {
    if (!path.link) path.own.configure(queue_of(link), now_);
  }
}

void SimulatedNetwork::set_link(Address from, Address to, const Link& link) {
  Path& path = path_of({from, to});
  path.link = link;
  path.own.configure(queue_of(link), now_);
}

Bottleneck& SimulatedNetwork::add_bottleneck(const Bottleneck::Config& config) {
  return *bottlenecks_.emplace_back(std::make_unique<Bottleneck>(config));
}

void SimulatedNetwork::route_through(Address from, Address to, Bottleneck& shared) {
  path_of({from, to}).bottleneck = &shared;
}

void SimulatedNetwork::vary_rate(Bottleneck& bottleneck, std::span<const RateStep> steps) {
  for (const RateStep& step : steps) {
    at(now_ + step.after, [this, &bottleneck, rate = step.rate] { bottleneck.set_rate(rate, now_); });
  }
}

void SimulatedNetwork::send(Address from, Address to, Bytes datagram) {
  ++counters_.sent;
  std::vector<std::uint8_t> bytes(datagram.begin(), datagram.end());
  const Route route{from, to};
  Path& path = path_of(route);
  if ((interceptor_ && !interceptor_(from, to, bytes)) || path.noise.loses(link_of(path), random_)) {
    ++counters_.lost;
    return;
  }
  const Bottleneck& queue = *path.bottleneck;
  if (queue.config().rate.is_zero() && queue.queued_datagrams() == 0) return leave(route, path, std::move(bytes), now_);
  Parcel parcel{.bytes = std::move(bytes), .tag = tag_of(from, to)};
  if (!path.bottleneck->push(std::move(parcel), now_)) ++counters_.queue_dropped;
}

void SimulatedNetwork::leave(const Route& route, Path& path, std::vector<std::uint8_t> datagram, Instant departure) {
  const auto arrivals = path.noise.arrivals(link_of(path), departure, random_);
  if (arrivals.reordered) ++counters_.reordered;
  if (arrivals.duplicate) {
    ++counters_.duplicated;
    in_flight_.emplace(*arrivals.duplicate, Delivery{route, datagram});
  }
  in_flight_.emplace(arrivals.first, Delivery{route, std::move(datagram)});
}

std::optional<Instant> SimulatedNetwork::next_departure() const {
  std::optional<Instant> next;
  for (const auto& [route, path] : paths_) earliest(next, path.own.next_departure());
  for (const auto& shared : bottlenecks_) earliest(next, shared->next_departure());
  return next;
}

std::optional<Instant> SimulatedNetwork::next_event() const {
  std::optional<Instant> next = next_departure();
  if (!actions_.empty()) earliest(next, actions_.begin()->first);
  if (!in_flight_.empty()) earliest(next, in_flight_.begin()->first);
  for (const auto& [address, endpoint] : endpoints_) {
    if (endpoint.next_timeout) earliest(next, endpoint.next_timeout());
  }
  return next;
}

void SimulatedNetwork::run_until(Instant end) {
  while (step(end)) {
  }
  now_ = std::max(now_, end);
}

bool SimulatedNetwork::run_while_not(const std::function<bool()>& condition, Duration limit) {
  const Instant end = now_ + limit;
  while (!condition()) {
    if (!step(end)) return false;
  }
  return true;
}

bool SimulatedNetwork::step(Instant end) {
  const auto next = next_event();
  if (!next || *next > end) return false;
  now_ = std::max(now_, *next);
  drain_bottlenecks();
  if (!actions_.empty() && actions_.begin()->first <= now_) {
    act();
  } else if (!in_flight_.empty() && in_flight_.begin()->first <= now_) {
    deliver_next();
  } else {
    fire_due_timers();
  }
  return true;
}

void SimulatedNetwork::act() {
  const auto due = actions_.extract(actions_.begin());
  due.mapped()();
}

void SimulatedNetwork::drain_bottlenecks() {
  for (auto& [route, path] : paths_) drain(path.own);
  for (const auto& shared : bottlenecks_) drain(*shared);
}

void SimulatedNetwork::drain(Bottleneck& bottleneck) {
  while (auto departure = bottleneck.pop(now_)) {
    const Route route = route_of(departure->parcel.tag);
    leave(route, path_of(route), std::move(departure->parcel.bytes), departure->at);
  }
}

void SimulatedNetwork::deliver_next() {
  const auto delivery = in_flight_.extract(in_flight_.begin());
  const auto& [route, datagram] = delivery.mapped();
  const auto receiver = endpoints_.find(route.second);
  if (receiver == endpoints_.end() || !receiver->second.handle_datagram) {
    ++counters_.lost;
    return;
  }
  ++counters_.delivered;
  const auto handle = receiver->second.handle_datagram;  // a copy: the callback may detach itself
  handle(route.first, datagram, now_);
}

void SimulatedNetwork::fire_due_timers() {
  std::vector<Address> due;
  for (const auto& [address, endpoint] : endpoints_) {
    const auto timeout = endpoint.next_timeout ? endpoint.next_timeout() : std::nullopt;
    if (timeout && *timeout <= now_) due.push_back(address);
  }
  for (const Address address : due) {
    for (int fired = 0;; ++fired) {
      const auto found = endpoints_.find(address);
      if (found == endpoints_.end()) break;
      const auto timeout = found->second.next_timeout();
      if (!timeout || *timeout > now_) break;
      if (fired == kMaxTimersPerInstant) throw std::logic_error{"a simulated endpoint's timer stays due forever"};
      const auto handle = found->second.handle_timeout;
      handle(now_);
    }
  }
}

}  // namespace sluice::simulation
