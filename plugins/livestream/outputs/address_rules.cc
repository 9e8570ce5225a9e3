#include "outputs/address_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace sluice::livestream {

namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

template <class Address>
struct Prefix {
  Address address;
  std::size_t bits;
};

// IANA's registries of special addresses (RFC 6890), and what is no host at all.
constexpr Prefix<V4> kNotPublicV4[]{
    {{0, 0, 0, 0}, 8},        // this network
    {{10, 0, 0, 0}, 8},       // private
    {{100, 64, 0, 0}, 10},    // shared by a provider's customers
    {{127, 0, 0, 0}, 8},      // loopback
    {{169, 254, 0, 0}, 16},   // link-local; clouds tell machines their secrets there
    {{172, 16, 0, 0}, 12},    // private
    {{192, 0, 0, 0}, 24},     // protocols
    {{192, 0, 2, 0}, 24},     // documentation
    {{192, 168, 0, 0}, 16},   // private
    {{198, 18, 0, 0}, 15},    // benchmarks
    {{198, 51, 100, 0}, 24},  // documentation
    {{203, 0, 113, 0}, 24},   // documentation
    {{224, 0, 0, 0}, 4},      // multicast
    {{240, 0, 0, 0}, 4},      // reserved, broadcast
};

constexpr Prefix<V6> kNotPublicV6[]{
    {{0, 0, 0, 0, 0, 0, 0, 0}, 96},              // loopback, and IPv4 as it was once written
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48},  // translation within a site
    {{0x01, 0x00}, 64},                          // discarded
    {{0x20, 0x01, 0x00, 0x00}, 32},              // Teredo
    {{0x20, 0x01, 0x00, 0x02, 0x00, 0x00}, 48},  // benchmarks
    {{0x20, 0x01, 0x0d, 0xb8}, 32},              // documentation
    {{0xfc, 0x00}, 7},                           // unique-local
    {{0xfe, 0x80}, 10},                          // link-local
    {{0xfe, 0xc0}, 10},                          // site-local
    {{0xff, 0x00}, 8},                           // multicast
};

/// Those that hold an IPv4 address at `at`, which is what counts.
struct Holder {
  Prefix<V6> prefix;
  std::size_t at;
};
constexpr Holder kHolders[]{
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12},  // mapped
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},                    // translated, RFC 6052
    {{{0x20, 0x02}, 16}, 2},                                 // 6to4
};

template <class Address>
constexpr bool is_in(const Address& address, const Prefix<Address>& prefix) noexcept {
  const auto whole = prefix.bits / 8;
  if (!std::equal(address.begin(), address.begin() + whole, prefix.address.begin())) return false;
  if (prefix.bits % 8 == 0) return true;
  return (address[whole] ^ prefix.address[whole]) >> (8 - prefix.bits % 8) == 0;
}

bool is_public(const V4& address) noexcept {
  return std::ranges::none_of(kNotPublicV4, [&](const auto& prefix) { return is_in(address, prefix); });
}

bool is_public(const V6& address) noexcept {
  for (const auto& [prefix, at] : kHolders) {
    if (is_in(address, prefix)) return is_public(V4{address[at], address[at + 1], address[at + 2], address[at + 3]});
  }
  return std::ranges::none_of(kNotPublicV6, [&](const auto& prefix) { return is_in(address, prefix); });
}

}  // namespace

bool is_public_address(const std::string& numeric) {
  V4 v4{};
  if (::inet_pton(AF_INET, numeric.c_str(), v4.data()) == 1) return is_public(v4);
  V6 v6{};
  return ::inet_pton(AF_INET6, numeric.c_str(), v6.data()) == 1 && is_public(v6);
}

}  // namespace sluice::livestream
