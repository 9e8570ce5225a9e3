#include "core/media/engine/local_addresses.h"

#include <ifaddrs.h>
#include <net/if.h>

#include <memory>

namespace sluice {

std::vector<std::string> interface_addresses(const SocketAddress& wildcard) {
  std::vector<std::string> addresses;
  std::vector<std::string> loopback;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return addresses;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner{list, &::freeifaddrs};

  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || (entry->ifa_flags & IFF_UP) == 0) continue;
    const auto address = SocketAddress::from_sockaddr(entry->ifa_addr, sizeof(sockaddr_in6));
    if (!address || address->is_ipv6() != wildcard.is_ipv6() || address->is_link_local()) continue;
    (address->is_loopback() ? loopback : addresses).push_back(address->ip());
  }
  return addresses.empty() ? loopback : addresses;
}

}  // namespace sluice
