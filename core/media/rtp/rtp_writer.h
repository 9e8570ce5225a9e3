#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/byte_writer.h"
#include "core/media/rtp/extension_block.h"
#include "core/media/rtp/rtp_error.h"
#include "core/media/rtp/rtp_packet.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

/// The fixed header of a packet to write.
struct RtpHeader {
  bool marker = false;
  PayloadType payload_type{};
  RtpSequence sequence{};
  RtpTimestamp timestamp{};
  Ssrc ssrc{};
  CsrcList csrcs = {};  ///< at most kMaxCsrcs
};

/// The header of a packet that was received, to change and write again.
[[nodiscard]] RtpHeader header_of(const RtpPacketView& packet) noexcept;

/// Writes a whole packet into `out`.
///
/// Extensions take the one-byte form when all of them fit it (ids 1 to 14, 1 to 16 bytes), else the two-byte form.
/// @param out      Must not overlap what the other parameters refer to.
/// @param padding  Octets of padding, counting the one that holds the count; 0: none.
/// @return The packet's size. `buffer_too_small`, `bad_extension_id`, `bad_payload_type`; `out` is then unspecified.
[[nodiscard]] Result<std::size_t, RtpError> write_rtp(MutableBytes out, const RtpHeader& header,
                                                      std::span<const ExtensionElement> extensions, Bytes payload,
                                                      std::uint8_t padding = 0) noexcept;

enum class Padding : std::uint8_t { absent, present };

/// The part of write_rtp() before the payload. With Padding::present the P bit is set, and the caller writes the
/// padding.
[[nodiscard]] Result<Ok, RtpError> write_rtp_header(ByteWriter& out, const RtpHeader& header,
                                                    std::span<const ExtensionElement> extensions,
                                                    Padding padding) noexcept;

// Patches in place. `packet` is one that RtpPacketView accepted, or that write_rtp() wrote.
void set_marker(MutableBytes packet, bool marker) noexcept;
void set_payload_type(MutableBytes packet, PayloadType payload_type) noexcept;
void set_sequence(MutableBytes packet, RtpSequence sequence) noexcept;
void set_timestamp(MutableBytes packet, RtpTimestamp timestamp) noexcept;
void set_ssrc(MutableBytes packet, Ssrc ssrc) noexcept;

/// The bytes of one extension of `packet`, to be overwritten: a pacer stamps abs-send-time and the transport-wide
/// sequence number just before the packet leaves. None: not in the packet, or `packet` is no RTP packet.
[[nodiscard]] std::optional<MutableBytes> mutable_extension(MutableBytes packet, std::uint8_t id) noexcept;

}  // namespace sluice
