#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "core/base/socket_address.h"

namespace sluice {

/// One way between the gateway and a peer: a socket of the worker and the peer's address, which is a candidate pair of
/// RFC 8445 section 4 seen from the lite side.
///
/// The socket also stands for the protocol, since a TCP listener has a number of its own: a peer's UDP port and its TCP
/// port of the same number are different tuples.
struct IceTuple {
  SocketAddress remote{};
  std::uint8_t socket = 0;

  [[nodiscard]] std::size_t hash() const noexcept { return remote.hash() ^ std::size_t{socket} << 56; }
  friend bool operator==(const IceTuple&, const IceTuple&) noexcept = default;
};

}  // namespace sluice

template <>
struct std::hash<sluice::IceTuple> {
  std::size_t operator()(const sluice::IceTuple& tuple) const noexcept { return tuple.hash(); }
};
