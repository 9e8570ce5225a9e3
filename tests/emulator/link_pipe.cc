#include "tests/emulator/link_pipe.h"

#include <algorithm>
#include <utility>

namespace sluice::emulator {

using simulation::Parcel;

LinkPipe::LinkPipe(const simulation::Link& link, std::uint64_t seed) : link_{link}, random_{seed}, queue_{{}} {
  configure(link, {});
}

void LinkPipe::configure(const simulation::Link& link, Instant now) {
  drain_queue(now);
  link_ = link;
  queue_.configure({.rate = link.rate, .queue_bytes = link.queue_bytes, .queue_time = link.queue_time}, now);
}

void LinkPipe::push(Parcel parcel, Instant now) {
  ++counters_.datagrams;
  if (noise_.loses(link_, random_)) {
    ++counters_.lost;
  } else if (!queue_.push(std::move(parcel), now)) {
    ++counters_.queue_dropped;
  } else {
    drain_queue(now);
  }
}

void LinkPipe::drain_queue(Instant now) {
  while (auto departure = queue_.pop(now)) leave(std::move(departure->parcel), departure->at);
}

void LinkPipe::leave(Parcel parcel, Instant departure) {
  if (in_flight_.size() >= kMaxInFlight) {
    ++counters_.queue_dropped;
    return;
  }
  const auto arrivals = noise_.arrivals(link_, departure, random_);
  if (arrivals.reordered) ++counters_.reordered;
  if (arrivals.duplicate) {
    ++counters_.duplicated;
    in_flight_.emplace(*arrivals.duplicate, parcel);
  }
  in_flight_.emplace(arrivals.first, std::move(parcel));
}

std::optional<Parcel> LinkPipe::pop(Instant now) {
  drain_queue(now);
  if (in_flight_.empty() || in_flight_.begin()->first > now) return std::nullopt;
  auto arrived = in_flight_.extract(in_flight_.begin());
  ++counters_.delivered;
  counters_.delivered_bytes += arrived.mapped().bytes.size();
  return std::move(arrived.mapped());
}

std::optional<Instant> LinkPipe::next_event() const noexcept {
  const auto departure = queue_.next_departure();
  if (in_flight_.empty()) return departure;
  const Instant arrival = in_flight_.begin()->first;
  return departure ? std::min(*departure, arrival) : arrival;
}

}  // namespace sluice::emulator
