#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/tally.h"
#include "core/media/dtls/dtls_endpoint.h"
#include "core/media/transport/packet_path.h"
#include "sluice/time.h"

namespace sluice {

/// What became of a transport's ICE, once for each.
enum class IceOutcome : std::uint8_t {
  connected,
  silent,    ///< nobody has checked: a firewall, a wrong announced address
  refused,   ///< who checked had wrong credentials
  no_path,   ///< full ICE has found none
  abandoned  ///< closed before it was decided
};
inline constexpr std::size_t kIceOutcomes = 5;
[[nodiscard]] std::string_view to_string(IceOutcome outcome) noexcept;

inline constexpr std::size_t kDtlsFailures = 8;  // of DtlsFailure

inline constexpr std::array<double, 11> kIceSeconds{0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30};
inline constexpr std::array<double, 11> kDtlsSeconds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30};

/// How the transports of one worker came to be connected, or not. Totals; they never fall.
struct ConnectionCounters {
  std::array<std::uint64_t, kIceOutcomes> ice{};
  std::uint64_t handshakes = 0;                                  ///< that succeeded
  std::array<std::uint64_t, kDtlsFailures> handshakes_failed{};  ///< by DtlsFailure
  std::array<std::uint64_t, kDtlsFailures> connections_ended{};  ///< after the handshake, by DtlsFailure
  std::uint64_t consent_lost = 0;
  std::uint64_t consent_returned = 0;
  std::uint64_t ice_restarts = 0;    ///< that signalling asked for
  Tally<kIceSeconds> ice_seconds;    ///< from the transport's making to the first selected path
  Tally<kDtlsSeconds> dtls_seconds;  ///< of the handshake, from when there is a path and the peer's fingerprint
};

/// Follows one transport's way to its media, and counts what becomes of it. @note Worker thread only.
class ConnectionWatch {
 public:
  ConnectionWatch(ConnectionCounters& counters, Instant opened) noexcept : counters_{counters}, opened_{opened} {}

  /// After whatever may have changed one of the two.
  void see(const PacketPath& path, PathState state, const DtlsEndpoint& dtls, Instant now) noexcept;

 private:
  void see_path(const PacketPath& path, PathState state, Instant now) noexcept;
  void see_dtls(const PacketPath& path, const DtlsEndpoint& dtls, Instant now) noexcept;
  void see_end(const PacketPath& path, std::optional<DtlsFailure> failure) noexcept;
  void decide(IceOutcome outcome) noexcept;

  ConnectionCounters& counters_;
  Instant opened_;
  std::optional<Instant> handshake_began_;
  PathState path_ = PathState::none;
  DtlsState dtls_ = DtlsState::created;
  bool ice_decided_ = false;
};

}  // namespace sluice
