#include "tests/simulation/simulated_network.h"

#include <algorithm>
#include <stdexcept>

namespace sluice::simulation {
namespace {

// A timer that is due again at once, forever, would hold the simulation at one instant.
constexpr int kMaxTimersPerInstant = 1000;

void earliest(std::optional<Instant>& so_far, std::optional<Instant> candidate) {
  if (candidate && (!so_far || *candidate < *so_far)) so_far = candidate;
}

}  // namespace

double SimulatedNetwork::Random::unit() noexcept {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  mixed ^= mixed >> 31;
  return static_cast<double>(mixed >> 11) * 0x1.0p-53;
}

void SimulatedNetwork::attach(Address address, Endpoint endpoint) {
  endpoints_.insert_or_assign(address, std::move(endpoint));
}

const Link& SimulatedNetwork::link_of(const Route& route) const {
  const auto found = links_.find(route);
  return found == links_.end() ? default_link_ : found->second;
}

void SimulatedNetwork::send(Address from, Address to, Bytes datagram) {
  ++counters_.sent;
  std::vector<std::uint8_t> bytes(datagram.begin(), datagram.end());
  const Route route{from, to};
  const Link& link = link_of(route);
  if ((interceptor_ && !interceptor_(from, to, bytes)) || random_.happens(link.loss)) {
    ++counters_.lost;
    return;
  }
  const auto departure = after_bottleneck(route, link, bytes.size());
  if (!departure) {
    ++counters_.queue_dropped;
    return;
  }

  const auto jitter = Duration{static_cast<Duration::rep>(random_.unit() * static_cast<double>(link.jitter.count()))};
  Instant arrival = *departure + link.delay + jitter;
  if (random_.happens(link.reordering)) {
    ++counters_.reordered;
    arrival += link.reorder_delay;
  }
  if (random_.happens(link.duplication)) {
    ++counters_.duplicated;
    deliver(arrival + link.delay, route, bytes);
  }
  deliver(arrival, route, std::move(bytes));
}

std::optional<Instant> SimulatedNetwork::after_bottleneck(const Route& route, const Link& link, std::size_t bytes) {
  if (link.bits_per_second == 0) return now_;
  const auto time_of = [&link](std::size_t count) {
    return Duration{std::chrono::nanoseconds{count * 8 * 1'000'000'000 / link.bits_per_second}};
  };
  Instant& free_at = bottleneck_free_[route];
  const Instant start = std::max(free_at, now_);
  if (start - now_ + time_of(bytes) > time_of(link.queue_bytes)) return std::nullopt;
  free_at = start + time_of(bytes);
  return free_at;
}

void SimulatedNetwork::deliver(Instant when, const Route& route, std::vector<std::uint8_t> datagram) {
  in_flight_.emplace(when, Delivery{route, std::move(datagram)});
}

std::optional<Instant> SimulatedNetwork::next_event() const {
  std::optional<Instant> next;
  if (!in_flight_.empty()) next = in_flight_.begin()->first;
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
  if (!in_flight_.empty() && in_flight_.begin()->first <= now_) {
    deliver_next();
  } else {
    fire_due_timers();
  }
  return true;
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
