#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/socket_address.h"
#include "sluice/ortc.h"
#include "sluice/result.h"

namespace sluice {

/// A transport address that a peer may send checks to, RFC 8445 section 5.1. Component 1 always: RTP and RTCP share it.
struct IceCandidateInfo {
  std::string foundation{};
  std::uint32_t priority = 0;
  std::string ip{};
  std::uint16_t port = 0;
  IceProtocol protocol = IceProtocol::udp;
  std::optional<IceTcpType> tcp_type{};  ///< with tcp alone, RFC 6544 section 4.5
  IceCandidateType type = IceCandidateType::host;
  friend bool operator==(const IceCandidateInfo&, const IceCandidateInfo&) = default;
};

/// As they stand in candidate lines: `udp`, `passive` and `so`, `srflx`.
[[nodiscard]] std::string_view to_string(IceProtocol protocol) noexcept;
[[nodiscard]] std::string_view to_string(IceTcpType type) noexcept;
[[nodiscard]] std::string_view to_string(IceCandidateType type) noexcept;

/// A socket that a lite agent listens on.
struct HostEndpoint {
  SocketAddress listen;
  IceProtocol protocol = IceProtocol::udp;
  /// Addresses to tell peers instead of `listen`, for a gateway behind a one-to-one NAT (the port stays). A gateway
  /// that is also reached from within the NAT lists its inner address here too.
  std::vector<std::string> announced{};
};

enum class HostCandidateError : std::uint8_t {
  wildcard_not_announced,  ///< listening on 0.0.0.0 or :: without `announced`: no peer could use that address
  bad_announced_address,   ///< not a numeric address, or itself 0.0.0.0 or ::
  no_port,                 ///< `listen` has port 0
  too_many                 ///< more than kMaxHostCandidates
};

inline constexpr std::size_t kMaxHostCandidates = 64;  // 32 addresses by UDP and TCP

/// One candidate for each address to announce, in order of preference: UDP before TCP, then as given.
[[nodiscard]] Result<std::vector<IceCandidateInfo>, HostCandidateError> make_host_candidates(
    std::span<const HostEndpoint> endpoints);

/// RFC 8445 section 5.1.2.1, component 1.
/// @param local_preference  65535 for the best, or the only, address.
[[nodiscard]] constexpr std::uint32_t candidate_priority(IceCandidateType type,
                                                         std::uint16_t local_preference) noexcept {
  constexpr std::uint32_t kPreferences[] = {126, 100, 110, 0};  // RFC 8445 section 5.1.2.2, by IceCandidateType
  return kPreferences[static_cast<std::uint8_t>(type)] << 24 | std::uint32_t{local_preference} << 8 | (256 - 1);
}

}  // namespace sluice
