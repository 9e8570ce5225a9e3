#pragma once

#include <cstdint>
#include <optional>

#include "byte_reader.h"

namespace sluice::media {

/// What an assembler needs of an RTP packet. `payload` borrows from the packet and is without its padding.
struct RtpPacket {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  bool marker = false;
  Bytes payload;
};

/// Nothing where the bytes are no RTP packet.
[[nodiscard]] std::optional<RtpPacket> read_rtp_packet(Bytes packet) noexcept;

}  // namespace sluice::media
