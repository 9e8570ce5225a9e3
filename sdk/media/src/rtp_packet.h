#pragma once

#include <cstdint>
#include <optional>

#include "byte_reader.h"
#include "sluice/media/turn.h"

namespace sluice::media {

/// What an assembler needs of an RTP packet. `payload` borrows from the packet and is without its padding.
struct RtpPacket {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  bool marker = false;
  Bytes payload;
  std::optional<Turn> turn{};
};

/// Nothing where the bytes are no RTP packet. `orientation_id`: of the header extension that `turn` is read from; what
/// of it cannot be read is not there.
[[nodiscard]] std::optional<RtpPacket> read_rtp_packet(
    Bytes packet, std::optional<std::uint8_t> orientation_id = std::nullopt) noexcept;

}  // namespace sluice::media
