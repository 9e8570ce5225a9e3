#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/byte_reader.h"

namespace sluice {

/// An IPv4 or IPv6 address with a port, in the kernel's own layout: 28 bytes, no allocation, handed to sendmsg as it
/// is.
///
/// A v4-mapped IPv6 address (::ffff:1.2.3.4, what a dual-stack socket reports) becomes the IPv4 address it stands for,
/// so that one peer has one SocketAddress. Linux takes an IPv4 destination on a dual-stack IPv6 socket.
/// Default-constructed it is empty: no family, equal only to another empty one.
class SocketAddress {
 public:
  SocketAddress() noexcept : storage_{.v6 = {}} {}

  [[nodiscard]] static SocketAddress ipv4(std::array<std::uint8_t, 4> ip, std::uint16_t port) noexcept;
  [[nodiscard]] static SocketAddress ipv6(std::array<std::uint8_t, 16> ip, std::uint16_t port,
                                          std::uint32_t scope_id = 0) noexcept;
  /// @return nullopt for a family other than AF_INET and AF_INET6, or a length too short for the family.
  [[nodiscard]] static std::optional<SocketAddress> from_sockaddr(const sockaddr* address, socklen_t length) noexcept;
  /// @param ip  Numeric: `1.2.3.4`, `2001:db8::1` or `[2001:db8::1]`. Names and scope suffixes are refused.
  [[nodiscard]] static std::optional<SocketAddress> parse(std::string_view ip, std::uint16_t port) noexcept;

  /// What bind, connect and sendmsg want; the pointer lives as long as this object.
  [[nodiscard]] const sockaddr* data() const noexcept { return &storage_.any; }
  [[nodiscard]] socklen_t size() const noexcept;

  [[nodiscard]] bool empty() const noexcept { return storage_.any.sa_family == AF_UNSPEC; }
  [[nodiscard]] bool is_ipv4() const noexcept { return storage_.any.sa_family == AF_INET; }
  [[nodiscard]] bool is_ipv6() const noexcept { return storage_.any.sa_family == AF_INET6; }
  /// 127.0.0.0/8 or ::1.
  [[nodiscard]] bool is_loopback() const noexcept;
  /// 169.254.0.0/16 or fe80::/10: reachable on its own link alone.
  [[nodiscard]] bool is_link_local() const noexcept;
  /// 0.0.0.0 or ::, the address to bind all interfaces.
  [[nodiscard]] bool is_any() const noexcept;

  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] SocketAddress with_port(std::uint16_t port) const noexcept;
  /// The address in network byte order: 4, 16 or (empty) 0 bytes; lives as long as this object.
  [[nodiscard]] Bytes ip_bytes() const noexcept;

  /// `1.2.3.4` or `2001:db8::1`, without port and brackets.
  [[nodiscard]] std::string ip() const;
  /// `1.2.3.4:5` or `[2001:db8::1]:5`; `-` when empty.
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::size_t hash() const noexcept;

  friend bool operator==(const SocketAddress& a, const SocketAddress& b) noexcept;

 private:
  // The family is the common first member of all three (POSIX), so that reading any.sa_family is always defined.
  union Storage {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
  };

  Storage storage_;
};

static_assert(sizeof(SocketAddress) == 28);

}  // namespace sluice

template <>
struct std::hash<sluice::SocketAddress> {
  std::size_t operator()(const sluice::SocketAddress& address) const noexcept { return address.hash(); }
};
