#include "core/media/transport/connection_watch.h"

#include <chrono>
#include <utility>

namespace sluice {

namespace {

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

IceOutcome PacketPath::why_not() const noexcept { return IceOutcome::no_path; }

std::string_view to_string(IceOutcome outcome) noexcept {
  constexpr std::array<std::string_view, kIceOutcomes> kNames{"connected", "silent", "refused", "no_path", "abandoned"};
  return kNames[static_cast<std::size_t>(outcome)];
}

void ConnectionWatch::see(const PacketPath& path, PathState state, const DtlsEndpoint& dtls, Instant now) noexcept {
  if (state != path_) see_path(path, state, now);
  if (path_ == PathState::ready && dtls.state() == DtlsState::connecting && !handshake_began_) handshake_began_ = now;
  if (dtls.state() != dtls_) see_dtls(path, dtls, now);
}

void ConnectionWatch::see_path(const PacketPath& path, PathState state, Instant now) noexcept {
  const PathState before = std::exchange(path_, state);
  if (state == PathState::failed) return decide(path.why_not());
  if (state == PathState::lost) ++counters_.consent_lost;
  if (state != PathState::ready) return;
  if (before == PathState::lost) ++counters_.consent_returned;
  if (!ice_decided_) counters_.ice_seconds.add(seconds(now - opened_));
  decide(IceOutcome::connected);
}

void ConnectionWatch::see_dtls(const PacketPath& path, const DtlsEndpoint& dtls, Instant now) noexcept {
  const DtlsState before = std::exchange(dtls_, dtls.state());
  if (dtls_ == DtlsState::connected) {
    ++counters_.handshakes;
    counters_.dtls_seconds.add(seconds(now - handshake_began_.value_or(now)));
  }
  if (dtls_ != DtlsState::failed && dtls_ != DtlsState::closed) return;
  if (before != DtlsState::connected) return see_end(path, dtls.failure());
  if (dtls.failure()) ++counters_.connections_ended[static_cast<std::size_t>(*dtls.failure())];
}

// Before the handshake was done. One that ran out of time for want of a path is the failure of ICE.
void ConnectionWatch::see_end(const PacketPath& path, std::optional<DtlsFailure> failure) noexcept {
  if (!failure) return decide(IceOutcome::abandoned);
  if (failure == DtlsFailure::timeout && !handshake_began_) return decide(path.why_not());
  ++counters_.handshakes_failed[static_cast<std::size_t>(*failure)];
}

void ConnectionWatch::decide(IceOutcome outcome) noexcept {
  if (!std::exchange(ice_decided_, true)) ++counters_.ice[static_cast<std::size_t>(outcome)];
}

}  // namespace sluice
