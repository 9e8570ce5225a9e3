#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/byte_reader.h"
#include "core/media/srtp/srtp_error.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

/// What SRTP reads of a packet before it can trust it.
struct SrtpHeader {
  std::size_t size = 0;  ///< octets that stay in the clear
  Ssrc ssrc{};
  std::uint16_t sequence = 0;  ///< of SRTP
};

inline constexpr std::size_t kSrtpMinHeader = 12;
inline constexpr std::size_t kSrtcpHeader = 8;

// RFC 3550 section 5.1: |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//                       |                           timestamp                           |
//                       |                             SSRC                              |
//                       |                        CSRC, CC times                         |
// and section 5.3.1, with X: | profile | length: 32-bit words | ... |
[[nodiscard]] inline Result<SrtpHeader, SrtpError> read_srtp_header(Bytes packet) noexcept {
  ByteReader in{packet};
  const std::uint8_t first = in.u8();
  in.bytes(1);
  SrtpHeader header;
  header.sequence = in.u16();
  in.bytes(4);
  header.ssrc = Ssrc{in.u32()};
  header.size = kSrtpMinHeader + (first & 0x0fU) * std::size_t{4};
  in.bytes(header.size - kSrtpMinHeader);
  if ((first & 0x10) != 0) {
    in.bytes(2);
    const std::size_t words = in.u16();
    in.bytes(words * 4);
    header.size += 4 + words * 4;
  }
  if (in.failed() || first >> 6 != 2) return SrtpError::malformed;
  return header;
}

// RFC 3550 section 6.4.1: |V=2|P|   RC    |      PT       |            length             |
//                         |                       SSRC of sender                          |
[[nodiscard]] inline Result<SrtpHeader, SrtpError> read_srtcp_header(Bytes packet) noexcept {
  ByteReader in{packet};
  const std::uint8_t first = in.u8();
  in.bytes(3);
  const Ssrc ssrc{in.u32()};
  if (in.failed() || first >> 6 != 2) return SrtpError::malformed;
  return SrtpHeader{.size = kSrtcpHeader, .ssrc = ssrc};
}

}  // namespace sluice
