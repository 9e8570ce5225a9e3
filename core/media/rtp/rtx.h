#pragma once

#include <cstddef>
#include <span>

#include "core/base/byte_reader.h"
#include "core/media/rtp/extension_block.h"
#include "core/media/rtp/rtp_error.h"
#include "core/media/rtp/rtp_packet.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

/// What a retransmission carries in place of the original's fields, RFC 4588 section 4.
struct RtxHeader {
  Ssrc ssrc{};
  PayloadType payload_type{};
  RtpSequence sequence{};  ///< of the RTX stream's own numbering
};

/// Writes `original` as a packet of the RTX stream: its sequence number (OSN) in front of its payload. Timestamp,
/// marker and CSRCs are kept, padding is left out; `extensions` replace the original's.
///
/// @param out  Must not overlap the original.
/// @return The packet's size; the errors of write_rtp().
[[nodiscard]] Result<std::size_t, RtpError> write_rtx(MutableBytes out, const RtpPacketView& original,
                                                      const RtxHeader& rtx,
                                                      std::span<const ExtensionElement> extensions) noexcept;

/// What the restored packet carries in place of the RTX packet's fields.
struct RtxOrigin {
  Ssrc ssrc{};
  PayloadType payload_type{};
};

/// Turns an RTX packet back into the original, in place: the header moves up over the OSN. Header extensions stay those
/// of the RTX packet (with repaired-rid instead of rid); padding is cut off.
///
/// @return The original, a part of `packet`. `bad_rtx`: there is no OSN; senders probe with such packets, drop them.
[[nodiscard]] Result<MutableBytes, RtpError> restore_from_rtx(MutableBytes packet, const RtxOrigin& origin) noexcept;

}  // namespace sluice
