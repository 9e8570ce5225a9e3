#pragma once

#include <cstdint>

#include "core/base/byte_reader.h"

namespace sluice {

/// What a datagram on a WebRTC port is.
enum class PacketKind : std::uint8_t {
  stun,
  dtls,
  rtp,
  rtcp,
  turn_channel,  ///< never spoken to us: dropped
  zrtp,          ///< not offered: dropped
  unknown        ///< dropped
};

// RFC 7983 section 7, by the first byte:
//
//     127 < B < 192 -+--> RTP or RTCP
//      63 < B < 80  -+--> TURN channel
//      19 < B < 64  -+--> DTLS
//      15 < B < 20  -+--> ZRTP
//          B < 4    -+--> STUN
//
// RFC 5761 section 4: on a shared port the RTP payload types 64 to 95 are not used, so that the second byte of an RTCP
// packet (packet types 192 to 223) cannot be one of RTP (marker bit and payload type).
[[nodiscard]] constexpr PacketKind classify(Bytes datagram) noexcept {
  if (datagram.empty()) return PacketKind::unknown;
  const std::uint8_t first = datagram[0];
  if (first < 4) return PacketKind::stun;
  if (first < 16) return PacketKind::unknown;
  if (first < 20) return PacketKind::zrtp;
  if (first < 64) return PacketKind::dtls;
  if (first < 80) return PacketKind::turn_channel;
  if (first < 128 || first > 191) return PacketKind::unknown;

  if (datagram.size() < 2) return PacketKind::unknown;
  return datagram[1] >= 192 && datagram[1] <= 223 ? PacketKind::rtcp : PacketKind::rtp;
}

}  // namespace sluice
