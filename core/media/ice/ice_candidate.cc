#include "core/media/ice/ice_candidate.h"

#include <algorithm>
#include <array>

namespace sluice {
namespace {

// RFC 6544 section 4.2: local preference = 2^13 * direction preference + other preference; passive is 4, of a host
// candidate. The highest other preference keeps TCP below UDP as long as there are fewer than 2^14 addresses.
constexpr std::uint16_t kUdpPreference = 65535;
constexpr std::uint16_t kTcpPassivePreference = (4U << 13) + (1U << 13) - 1;

// RFC 8445 section 5.1.1.3: equal for candidates of the same type, base address and protocol; at most 32 ice-chars.
std::string foundation_of(IceCandidateType type, const SocketAddress& base, IceProtocol protocol) {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  const auto add = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 16777619U; };
  add(static_cast<std::uint8_t>(type));
  add(static_cast<std::uint8_t>(protocol));
  for (const std::uint8_t byte : base.ip_bytes()) add(byte);
  return std::to_string(hash);
}

Result<std::vector<SocketAddress>, HostCandidateError> addresses_of(const HostEndpoint& endpoint) {
  if (endpoint.listen.port() == 0) return HostCandidateError::no_port;
  if (endpoint.announced.empty()) {
    if (endpoint.listen.is_any()) return HostCandidateError::wildcard_not_announced;
    return std::vector{endpoint.listen};
  }
  std::vector<SocketAddress> addresses;
  for (const std::string& text : endpoint.announced) {
    const auto address = SocketAddress::parse(text, endpoint.listen.port());
    if (!address || address->is_any()) return HostCandidateError::bad_announced_address;
    addresses.push_back(*address);
  }
  return addresses;
}

IceCandidateInfo make_candidate(const HostEndpoint& endpoint, const SocketAddress& address, std::size_t rank) {
  const bool tcp = endpoint.protocol == IceProtocol::tcp;
  const auto preference = static_cast<std::uint16_t>((tcp ? kTcpPassivePreference : kUdpPreference) - rank);
  return {.foundation = foundation_of(IceCandidateType::host, endpoint.listen, endpoint.protocol),
          .priority = candidate_priority(IceCandidateType::host, preference),
          .ip = address.ip(),
          .port = address.port(),
          .protocol = endpoint.protocol,
          .tcp_type = tcp ? std::optional{IceTcpType::passive} : std::nullopt,
          .type = IceCandidateType::host};
}

}  // namespace

Result<std::vector<IceCandidateInfo>, HostCandidateError> make_host_candidates(
    std::span<const HostEndpoint> endpoints) {
  std::vector<IceCandidateInfo> candidates;
  for (const HostEndpoint& endpoint : endpoints) {
    const auto addresses = addresses_of(endpoint);
    if (!addresses) return addresses.error();
    for (const SocketAddress& address : *addresses) {
      if (candidates.size() == kMaxHostCandidates) return HostCandidateError::too_many;
      candidates.push_back(make_candidate(endpoint, address, candidates.size()));
    }
  }
  std::ranges::stable_sort(candidates, std::ranges::greater{}, &IceCandidateInfo::priority);
  return candidates;
}

std::string_view to_string(IceProtocol protocol) noexcept { return protocol == IceProtocol::udp ? "udp" : "tcp"; }

std::string_view to_string(IceTcpType type) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"active", "passive", "so"};
  return kNames[static_cast<std::size_t>(type)];
}

std::string_view to_string(IceCandidateType type) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"host", "srflx", "prflx", "relay"};
  return kNames[static_cast<std::size_t>(type)];
}

}  // namespace sluice
