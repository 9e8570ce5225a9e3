#include "core/base/socket_address.h"

#include <doctest/doctest.h>

#include <cstring>
#include <unordered_set>

namespace sluice {
namespace {

SocketAddress address(std::string_view ip, std::uint16_t port) { return SocketAddress::parse(ip, port).value(); }

TEST_CASE("an IPv4 address prints as it was written") {
  const auto v4 = address("192.0.2.7", 40000);
  CHECK(v4.is_ipv4());
  CHECK(v4.port() == 40000);
  CHECK(v4.ip() == "192.0.2.7");
  CHECK(v4.to_string() == "192.0.2.7:40000");
  CHECK(v4.size() == sizeof(sockaddr_in));
}

TEST_CASE("an IPv6 address is read with and without brackets and printed in its shortest form") {
  CHECK(address("2001:db8:0:0::1", 5).to_string() == "[2001:db8::1]:5");
  CHECK(address("[2001:db8::1]", 5) == address("2001:db8::1", 5));
  CHECK(address("::1", 5).size() == sizeof(sockaddr_in6));
}

TEST_CASE("what is not a numeric address is refused") {
  for (const auto* text : {"", "[]", "[", "1.2.3", "1.2.3.4.5", "256.0.0.1", "[1.2.3.4]", "localhost", "fe80::1%eth0",
                           "1.2.3.4:5", "::1]", "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb"}) {
    CAPTURE(text);
    CHECK(!SocketAddress::parse(text, 1).has_value());
  }
}

TEST_CASE("a v4-mapped IPv6 address is the IPv4 address, so that one peer of a dual-stack socket has one address") {
  CHECK(address("::ffff:192.0.2.7", 9) == address("192.0.2.7", 9));

  sockaddr_in6 mapped{};
  mapped.sin6_family = AF_INET6;
  mapped.sin6_port = htons(9);
  const std::array<std::uint8_t, 16> ip{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7};
  std::memcpy(&mapped.sin6_addr, ip.data(), ip.size());
  const auto normalised = SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&mapped), sizeof mapped);
  REQUIRE(normalised.has_value());
  CHECK(normalised->is_ipv4());
  CHECK(*normalised == address("192.0.2.7", 9));
}

TEST_CASE("an address survives the way through a sockaddr") {
  for (const auto& original : {address("192.0.2.7", 1), address("2001:db8::7", 65535)}) {
    CHECK(SocketAddress::from_sockaddr(original.data(), original.size()) == original);
  }
}

TEST_CASE("a sockaddr that is too short or of another family is refused") {
  const auto v6 = address("2001:db8::7", 1);
  CHECK(!SocketAddress::from_sockaddr(v6.data(), sizeof(sockaddr_in)).has_value());
  CHECK(!SocketAddress::from_sockaddr(v6.data(), 1).has_value());
  CHECK(!SocketAddress::from_sockaddr(nullptr, 0).has_value());
  sockaddr unix_domain{};
  unix_domain.sa_family = AF_UNIX;
  CHECK(!SocketAddress::from_sockaddr(&unix_domain, sizeof unix_domain).has_value());
}

TEST_CASE("address, port, family and scope tell two addresses apart") {
  const auto base = address("192.0.2.7", 1);
  CHECK(base != address("192.0.2.8", 1));
  CHECK(base != base.with_port(2));
  CHECK(base.with_port(2).with_port(1) == base);
  CHECK(address("0.0.0.0", 1) != address("::", 1));
  const std::array<std::uint8_t, 16> link_local{0xfe, 0x80};
  CHECK(SocketAddress::ipv6(link_local, 1, 2) != SocketAddress::ipv6(link_local, 1, 3));
  CHECK(SocketAddress{} == SocketAddress{});
  CHECK(SocketAddress{} != base);
}

TEST_CASE("an empty address has no size, no port and prints as a dash") {
  const SocketAddress none;
  CHECK(none.empty());
  CHECK(none.size() == 0);
  CHECK(none.port() == 0);
  CHECK(none.to_string() == "-");
  CHECK(!none.is_any());
}

TEST_CASE("special ranges are known") {
  CHECK(address("127.3.4.5", 1).is_loopback());
  CHECK(address("::1", 1).is_loopback());
  CHECK(!address("128.0.0.1", 1).is_loopback());
  CHECK(!address("::2", 1).is_loopback());
  CHECK(address("169.254.9.9", 1).is_link_local());
  CHECK(address("fe80::9", 1).is_link_local());
  CHECK(!address("192.0.2.1", 1).is_link_local());
  CHECK(address("0.0.0.0", 1).is_any());
  CHECK(address("::", 1).is_any());
  CHECK(!address("::1", 1).is_any());
}

TEST_CASE("the hash follows equality and separates the ports and hosts of one network") {
  CHECK(address("::ffff:1.2.3.4", 5).hash() == address("1.2.3.4", 5).hash());
  std::unordered_set<std::size_t> hashes;
  for (std::uint16_t port = 1; port <= 1000; ++port) hashes.insert(address("192.0.2.7", port).hash());
  for (std::uint8_t host = 0; host < 250; ++host) hashes.insert(SocketAddress::ipv4({10, 0, 0, host}, 7).hash());
  CHECK(hashes.size() == 1250);
}

}  // namespace
}  // namespace sluice
