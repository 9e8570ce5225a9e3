#include "core/media/transport/send_control.h"

#include <algorithm>

#include "core/base/time_grid.h"

namespace sluice {

SendControl::SendControl(Shared& shared, Instant now)
    : shared_{shared}, estimator_{shared.config, now}, next_share_{now} {
  pacer_.set_rate(estimator_.estimate() * kPacingFactor, now);
}

void SendControl::on_sent(PacePriority priority, std::optional<TransportSequence> number, std::size_t bytes,
                          Instant now) noexcept {
  if (priority == PacePriority::audio) unshared_bytes_ += bytes;
  on_released(number, bytes, now);
  pacer_.on_sent(bytes, now);  // may end the probe that the packet belongs to
}

void SendControl::on_released(std::optional<TransportSequence> number, std::size_t bytes, Instant now) noexcept {
  if (number) sent_.on_sent(*number, bytes, pacer_.probe(), now);
  estimator_.on_sent(bytes, now);
}

void SendControl::handle_transport_feedback(Bytes fci, Instant now) noexcept {
  const auto results = sent_.on_feedback(fci, shared_.results, now);
  if (!results) return;
  estimator_.on_feedback(*results, now);
  estimate_changed(now);
}

void SendControl::handle_remb(DataRate rate, Instant now) noexcept {
  estimator_.on_remb(rate, now);
  estimate_changed(now);
}

void SendControl::handle_report(double fraction_lost, Duration round_trip, Instant now) noexcept {
  estimator_.on_report(fraction_lost, round_trip, now);
  estimate_changed(now);
}

void SendControl::handle_new_path(Instant now) noexcept {
  estimator_.on_path_changed(now);
  sent_.forget_all();
  estimate_changed(now);
}

void SendControl::estimate_changed(Instant now) noexcept {
  const DataRate estimate = estimator_.estimate();
  pacer_.set_rate(estimate * kPacingFactor, now);
  if (estimate < last_shared_ * (1 - kFallThatCounts)) share_soon(now);
  if (const auto probe = estimator_.poll_probe(now)) {
    ++probes_;
    pacer_.start_probe(*probe, now);
  }
}

// Audio comes first: it is sent whatever the estimate says. Repairs do not come off: right after a fall they are many,
// and video that stops for them for seconds is worse than what it loses.
std::span<const AllocationResult> SendControl::share(Instant now) {
  unshared_.sample(unshared_bytes_, now);
  last_shared_ = estimator_.estimate();
  const auto results = allocator_.allocate(last_shared_ - unshared_.rate(), shared_.requests, now, pressure());
  estimator_.set_wanted(allocator_.wanted() + unshared_.rate(), now);
  if (results.empty()) sent_.trim(now);
  next_share_ = on_grid(now + (results.empty() ? kIdleInterval : kShareInterval), kShareGrid);
  return results;
}

// A receiver that says how much it can take has seen more than we have.
PathPressure SendControl::pressure() const noexcept {
  const auto by_receiver = estimator_.trace().by_receiver;
  const bool refused = by_receiver && *by_receiver <= estimator_.estimate();
  const bool felt = refused || estimator_.overused() || estimator_.loss() > kLossOfPressure;
  return felt ? PathPressure::felt : PathPressure::none;
}

void SendControl::handle_timeout(Instant now) noexcept { estimate_changed(now); }

std::optional<Instant> SendControl::next_timeout() const noexcept {
  Instant next = next_share_;
  if (const auto pacer = pacer_.next_timeout()) next = std::min(next, *pacer);
  if (const auto estimator = estimator_.next_timeout()) next = std::min(next, *estimator);
  return next;
}

SendControl::Stats SendControl::stats() const noexcept {
  return {.estimate = estimator_.estimate(),
          .wanted = allocator_.wanted(),
          .round_trip = estimator_.round_trip(),
          .loss = estimator_.loss(),
          .queued_packets = pacer_.queued_packets(),
          .dropped = pacer_.dropped(),
          .probes = probes_};
}

}  // namespace sluice
