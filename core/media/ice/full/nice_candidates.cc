#include "core/media/ice/full/nice_candidates.h"

#include <algorithm>
#include <array>

#include "core/media/ice/ice_credentials.h"

namespace sluice {
namespace {

IceCandidateType type_of(NiceCandidateType type) noexcept {
  switch (type) {
    case NICE_CANDIDATE_TYPE_HOST:
      return IceCandidateType::host;
    case NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE:
      return IceCandidateType::srflx;
    case NICE_CANDIDATE_TYPE_PEER_REFLEXIVE:
      return IceCandidateType::prflx;
    case NICE_CANDIDATE_TYPE_RELAYED:
      break;
  }
  return IceCandidateType::relay;
}

NiceCandidateType type_of(IceCandidateType type) noexcept {
  constexpr std::array kTypes{NICE_CANDIDATE_TYPE_HOST, NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE,
                              NICE_CANDIDATE_TYPE_PEER_REFLEXIVE, NICE_CANDIDATE_TYPE_RELAYED};
  return kTypes[static_cast<std::size_t>(type)];
}

bool is_usable(const IceCandidateInfo& candidate) noexcept {
  return candidate.protocol == IceProtocol::udp && candidate.port != 0 && is_ice_chars(candidate.foundation) &&
         candidate.foundation.size() < NICE_CANDIDATE_MAX_FOUNDATION;
}

NiceCandidatePtr make_nice(const IceCandidateInfo& candidate, unsigned stream_id) {
  const auto address = SocketAddress::parse(candidate.ip, candidate.port);
  if (!address || address->is_any() || !is_usable(candidate)) return nullptr;
  NiceCandidatePtr made{nice_candidate_new(type_of(candidate.type))};
  made->transport = NICE_CANDIDATE_TRANSPORT_UDP;
  nice_address_set_from_sockaddr(&made->addr, address->data());
  made->base_addr = made->addr;
  made->priority = candidate.priority;
  made->stream_id = stream_id;
  made->component_id = NICE_COMPONENT_TYPE_RTP;
  std::ranges::copy(candidate.foundation, made->foundation);
  made->foundation[candidate.foundation.size()] = '\0';
  return made;
}

}  // namespace

void free_candidates(GSList* candidates) noexcept {
  g_slist_free_full(candidates,
                    [](gpointer candidate) { nice_candidate_free(static_cast<NiceCandidate*>(candidate)); });
}

std::optional<IceCandidateInfo> from_nice(const NiceCandidate& candidate) {
  if (candidate.transport != NICE_CANDIDATE_TRANSPORT_UDP) return std::nullopt;
  std::array<char, NICE_ADDRESS_STRING_LEN> ip{};
  nice_address_to_string(&candidate.addr, ip.data());
  return IceCandidateInfo{.foundation = static_cast<const char*>(candidate.foundation),
                          .priority = candidate.priority,
                          .ip = ip.data(),
                          .port = static_cast<std::uint16_t>(nice_address_get_port(&candidate.addr)),
                          .protocol = IceProtocol::udp,
                          .tcp_type = std::nullopt,
                          .type = type_of(candidate.type)};
}

NiceCandidateList to_nice(std::span<const IceCandidateInfo> candidates, unsigned stream_id) {
  GSList* list = nullptr;
  for (const IceCandidateInfo& candidate : candidates) {
    if (NiceCandidatePtr made = make_nice(candidate, stream_id)) list = g_slist_prepend(list, made.release());
  }
  return NiceCandidateList{g_slist_reverse(list)};
}

}  // namespace sluice
