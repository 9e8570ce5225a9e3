#include "core/base/socket_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace sluice {
namespace {

constexpr std::size_t kMappedPrefixSize = 12;  // RFC 4291 section 2.5.5.2: ::ffff:0:0/96

// The finaliser of MurmurHash3: every input bit reaches every output bit.
constexpr std::uint64_t mix(std::uint64_t value) noexcept {
  value = (value ^ value >> 33) * 0xff51afd7ed558ccdULL;
  value = (value ^ value >> 33) * 0xc4ceb9fe1a85ec53ULL;
  return value ^ value >> 33;
}

}  // namespace

SocketAddress SocketAddress::ipv4(std::array<std::uint8_t, 4> ip, std::uint16_t port) noexcept {
  SocketAddress address;
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  std::memcpy(&v4.sin_addr, ip.data(), ip.size());
  address.storage_.v4 = v4;
  return address;
}

SocketAddress SocketAddress::ipv6(std::array<std::uint8_t, 16> ip, std::uint16_t port,
                                  std::uint32_t scope_id) noexcept {
  sockaddr_in6 v6{};
  std::memcpy(&v6.sin6_addr, ip.data(), ip.size());
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    std::array<std::uint8_t, 4> mapped{};
    std::copy(ip.begin() + kMappedPrefixSize, ip.end(), mapped.begin());
    return ipv4(mapped, port);
  }
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  v6.sin6_scope_id = scope_id;
  SocketAddress address;
  address.storage_.v6 = v6;
  return address;
}

std::optional<SocketAddress> SocketAddress::from_sockaddr(const sockaddr* address, socklen_t length) noexcept {
  sa_family_t family = AF_UNSPEC;
  if (address == nullptr || length < offsetof(sockaddr, sa_family) + sizeof family) return std::nullopt;
  std::memcpy(&family, reinterpret_cast<const std::uint8_t*>(address) + offsetof(sockaddr, sa_family), sizeof family);

  if (family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    std::array<std::uint8_t, 4> ip{};
    std::memcpy(ip.data(), &v4.sin_addr, ip.size());
    return ipv4(ip, ntohs(v4.sin_port));
  }
  if (family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    std::array<std::uint8_t, 16> ip{};
    std::memcpy(ip.data(), &v6.sin6_addr, ip.size());
    return ipv6(ip, ntohs(v6.sin6_port), v6.sin6_scope_id);
  }
  return std::nullopt;
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view ip, std::uint16_t port) noexcept {
  const bool bracketed = ip.size() >= 2 && ip.front() == '[' && ip.back() == ']';
  if (bracketed) ip = ip.substr(1, ip.size() - 2);

  std::array<char, INET6_ADDRSTRLEN> text{};  // inet_pton wants a terminated string
  if (ip.size() >= text.size()) return std::nullopt;
  std::copy(ip.begin(), ip.end(), text.begin());

  std::array<std::uint8_t, 4> v4{};
  if (!bracketed && inet_pton(AF_INET, text.data(), v4.data()) == 1) return ipv4(v4, port);
  std::array<std::uint8_t, 16> v6{};
  if (inet_pton(AF_INET6, text.data(), v6.data()) == 1) return ipv6(v6, port);
  return std::nullopt;
}

socklen_t SocketAddress::size() const noexcept {
  if (is_ipv4()) return sizeof(sockaddr_in);
  return is_ipv6() ? sizeof(sockaddr_in6) : 0;
}

bool SocketAddress::is_loopback() const noexcept {
  if (is_ipv4()) return ip_bytes()[0] == 127;
  return is_ipv6() && IN6_IS_ADDR_LOOPBACK(&storage_.v6.sin6_addr);
}

bool SocketAddress::is_link_local() const noexcept {
  if (is_ipv4()) return ip_bytes()[0] == 169 && ip_bytes()[1] == 254;
  return is_ipv6() && IN6_IS_ADDR_LINKLOCAL(&storage_.v6.sin6_addr);
}

bool SocketAddress::is_any() const noexcept {
  const Bytes ip = ip_bytes();
  return !ip.empty() && std::all_of(ip.begin(), ip.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::uint16_t SocketAddress::port() const noexcept {
  if (is_ipv4()) return ntohs(storage_.v4.sin_port);
  return is_ipv6() ? ntohs(storage_.v6.sin6_port) : 0;
}

SocketAddress SocketAddress::with_port(std::uint16_t port) const noexcept {
  SocketAddress other = *this;
  if (is_ipv4()) other.storage_.v4.sin_port = htons(port);
  if (is_ipv6()) other.storage_.v6.sin6_port = htons(port);
  return other;
}

Bytes SocketAddress::ip_bytes() const noexcept {
  if (is_ipv4()) return {reinterpret_cast<const std::uint8_t*>(&storage_.v4.sin_addr), sizeof(in_addr)};
  if (is_ipv6()) return {reinterpret_cast<const std::uint8_t*>(&storage_.v6.sin6_addr), sizeof(in6_addr)};
  return {};
}

std::string SocketAddress::ip() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (empty()) return {};
  return inet_ntop(storage_.any.sa_family, ip_bytes().data(), text.data(), text.size());
}

std::string SocketAddress::to_string() const {
  if (empty()) return "-";
  const std::string suffix = ":" + std::to_string(port());
  return is_ipv6() ? "[" + ip() + "]" + suffix : ip() + suffix;
}

std::size_t SocketAddress::hash() const noexcept {
  std::array<std::uint64_t, 2> words{};
  const Bytes address = ip_bytes();
  std::copy(address.begin(), address.end(), reinterpret_cast<std::uint8_t*>(words.data()));
  const std::uint64_t tail = std::uint64_t{port()} << 8 | static_cast<std::uint8_t>(storage_.any.sa_family);
  return mix(words[0] ^ mix(words[1] ^ mix(tail)));
}

bool operator==(const SocketAddress& a, const SocketAddress& b) noexcept {
  if (a.storage_.any.sa_family != b.storage_.any.sa_family || a.port() != b.port()) return false;
  if (a.is_ipv6() && a.storage_.v6.sin6_scope_id != b.storage_.v6.sin6_scope_id) return false;
  return std::ranges::equal(a.ip_bytes(), b.ip_bytes());
}

}  // namespace sluice
