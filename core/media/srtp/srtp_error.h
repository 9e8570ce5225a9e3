#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

/// Why a packet was not protected or not believed.
enum class SrtpError : std::uint8_t {
  too_small,              ///< shorter than a header and, where protected, its trailer
  too_large,              ///< longer than any UDP datagram
  buffer_too_small,       ///< no room behind the packet for the trailer
  malformed,              ///< the header's lengths run past the packet, or the version is wrong
  authentication_failed,  ///< the tag does not fit: damaged, forged, or under other keys
  replayed,               ///< this packet index was seen, or sent, before
  too_old,                ///< behind the replay window
  key_limit,              ///< the key protected as many packets as RFC 3711 section 9.2 allows
  ssrc_limit,             ///< one more SSRC than this session keeps state for
  internal,               ///< OpenSSL or its allocator failed
};

[[nodiscard]] std::string_view to_string(SrtpError error) noexcept;

inline constexpr std::size_t kMaxSrtpPacket = 65'507;

}  // namespace sluice
