#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/rtp/extension_block.h"
#include "core/media/rtp/rtp_error.h"
#include "core/media/rtp/wire_array.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

inline constexpr std::uint8_t kRtpVersion = 2;
inline constexpr std::size_t kRtpFixedHeaderSize = 12;
inline constexpr std::size_t kMaxCsrcs = 15;  ///< what the 4-bit CC can count

[[nodiscard]] constexpr Ssrc decode_ssrc(Bytes record) noexcept { return Ssrc{ByteReader{record}.u32()}; }

/// Contributing sources, in wire order.
using CsrcList = WireArray<Ssrc, 4, decode_ssrc>;

/// A look at an RTP packet (RFC 3550 section 5.1) whose header, extensions (RFC 8285) and padding have been validated.
///
/// Copies nothing: the packet's bytes must outlive the view.
class RtpPacketView {
 public:
  static Result<RtpPacketView, RtpError> parse(Bytes packet) noexcept;

  [[nodiscard]] bool marker() const noexcept { return (packet_[1] & 0x80) != 0; }
  [[nodiscard]] PayloadType payload_type() const noexcept {
    return PayloadType{static_cast<std::uint8_t>(packet_[1] & 0x7f)};
  }
  [[nodiscard]] RtpSequence sequence() const noexcept { return RtpSequence{ByteReader{packet_.subspan(2, 2)}.u16()}; }
  [[nodiscard]] RtpTimestamp timestamp() const noexcept {
    return RtpTimestamp{ByteReader{packet_.subspan(4, 4)}.u32()};
  }
  [[nodiscard]] Ssrc ssrc() const noexcept { return decode_ssrc(packet_.subspan(8, 4)); }
  [[nodiscard]] CsrcList csrcs() const noexcept {
    return CsrcList{packet_.subspan(kRtpFixedHeaderSize, (packet_[0] & 0x0f) * std::size_t{4})};
  }

  /// The elements of the header extension, a range; empty when the packet has none.
  [[nodiscard]] const ExtensionBlock& extensions() const noexcept { return extensions_; }
  /// The bytes of the first element of this id. Look ids up in the session's HeaderExtensionMap.
  [[nodiscard]] std::optional<Bytes> extension(std::uint8_t id) const noexcept { return extensions_.find(id); }

  /// Without the padding. Empty in a packet that is padding alone, as bandwidth probes are.
  [[nodiscard]] Bytes payload() const noexcept {
    return packet_.subspan(header_size_, packet_.size() - header_size_ - padding_size_);
  }
  /// Including the octet that counts it; 0: no padding.
  [[nodiscard]] std::uint8_t padding_size() const noexcept { return padding_size_; }
  /// Fixed header, CSRCs and extension block.
  [[nodiscard]] std::size_t header_size() const noexcept { return header_size_; }
  [[nodiscard]] Bytes bytes() const noexcept { return packet_; }

 private:
  constexpr RtpPacketView(Bytes packet, ExtensionBlock extensions, std::size_t header_size,
                          std::uint8_t padding_size) noexcept
      : packet_{packet}, extensions_{extensions}, header_size_{header_size}, padding_size_{padding_size} {}

  Bytes packet_;
  ExtensionBlock extensions_;
  std::size_t header_size_;
  std::uint8_t padding_size_;
};

}  // namespace sluice
