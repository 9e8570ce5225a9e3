#include "core/media/rtp/rtp_writer.h"

#include <algorithm>
#include <cassert>

namespace sluice {
namespace {

constexpr std::uint8_t kMaxPayloadType = 127;
constexpr std::size_t kMaxExtensionBlock = 0xffff * std::size_t{4};  ///< what the 16-bit length can count

constexpr bool fits_one_byte(const ExtensionElement& element) noexcept {
  return element.id >= 1 && element.id < kStopId && !element.data.empty() && element.data.size() <= kMaxOneByteData;
}

constexpr bool fits_two_byte(const ExtensionElement& element) noexcept {
  return element.id >= 1 && element.data.size() <= kMaxTwoByteData;
}

void write_elements(ByteWriter& out, ExtensionForm form, std::span<const ExtensionElement> elements) noexcept {
  for (const ExtensionElement& element : elements) {
    if (form == ExtensionForm::one_byte) {
      out.u8(static_cast<std::uint8_t>(element.id << 4 | (element.data.size() - 1)));
    } else {
      out.u8(element.id);
      out.u8(static_cast<std::uint8_t>(element.data.size()));
    }
    out.bytes(element.data);
  }
}

Result<Ok, RtpError> write_extension_block(ByteWriter& out, std::span<const ExtensionElement> elements) noexcept {
  const bool one_byte = std::all_of(elements.begin(), elements.end(), fits_one_byte);
  if (!one_byte && !std::all_of(elements.begin(), elements.end(), fits_two_byte)) return RtpError::bad_extension_id;

  std::size_t size = 0;
  for (const ExtensionElement& element : elements) size += element.data.size() + (one_byte ? 1 : 2);
  const std::size_t padded = (size + 3) / 4 * 4;
  if (padded > kMaxExtensionBlock) return RtpError::buffer_too_small;

  out.u16(one_byte ? kOneByteProfile : kTwoByteProfile);
  out.u16(static_cast<std::uint16_t>(padded / 4));
  write_elements(out, one_byte ? ExtensionForm::one_byte : ExtensionForm::two_byte, elements);
  out.zeros(padded - size);
  return Ok{};
}

void put_u16(MutableBytes packet, std::size_t at, std::uint16_t value) noexcept {
  assert(packet.size() >= kRtpFixedHeaderSize);
  ByteWriter{packet.subspan(at, 2)}.u16(value);
}

void put_u32(MutableBytes packet, std::size_t at, std::uint32_t value) noexcept {
  assert(packet.size() >= kRtpFixedHeaderSize);
  ByteWriter{packet.subspan(at, 4)}.u32(value);
}

}  // namespace

RtpHeader header_of(const RtpPacketView& packet) noexcept {
  return {.marker = packet.marker(),
          .payload_type = packet.payload_type(),
          .sequence = packet.sequence(),
          .timestamp = packet.timestamp(),
          .ssrc = packet.ssrc(),
          .csrcs = packet.csrcs()};
}

Result<Ok, RtpError> write_rtp_header(ByteWriter& out, const RtpHeader& header,
                                      std::span<const ExtensionElement> extensions, Padding padding) noexcept {
  if (header.payload_type.value() > kMaxPayloadType) return RtpError::bad_payload_type;
  assert(header.csrcs.size() <= kMaxCsrcs);

  const int flags = kRtpVersion << 6 | (padding == Padding::present ? 0x20 : 0) | (extensions.empty() ? 0 : 0x10);
  out.u8(static_cast<std::uint8_t>(flags | static_cast<int>(header.csrcs.size())));
  out.u8(static_cast<std::uint8_t>((header.marker ? 0x80 : 0) | header.payload_type.value()));
  out.u16(header.sequence.value());
  out.u32(header.timestamp.value());
  out.u32(header.ssrc.value());
  out.bytes(header.csrcs.wire());
  if (!extensions.empty()) {
    const auto block = write_extension_block(out, extensions);
    if (!block) return block.error();
  }
  if (out.failed()) return RtpError::buffer_too_small;
  return Ok{};
}

Result<std::size_t, RtpError> write_rtp(MutableBytes out, const RtpHeader& header,
                                        std::span<const ExtensionElement> extensions, Bytes payload,
                                        std::uint8_t padding) noexcept {
  ByteWriter writer{out};
  const auto written = write_rtp_header(writer, header, extensions, padding > 0 ? Padding::present : Padding::absent);
  if (!written) return written.error();
  writer.bytes(payload);
  if (padding > 0) {
    writer.zeros(padding - std::size_t{1});
    writer.u8(padding);
  }
  if (writer.failed()) return RtpError::buffer_too_small;
  return writer.size();
}

void set_marker(MutableBytes packet, bool marker) noexcept {
  assert(packet.size() >= kRtpFixedHeaderSize);
  packet[1] = static_cast<std::uint8_t>((packet[1] & 0x7f) | (marker ? 0x80 : 0));
}

void set_payload_type(MutableBytes packet, PayloadType payload_type) noexcept {
  assert(packet.size() >= kRtpFixedHeaderSize && payload_type.value() <= kMaxPayloadType);
  packet[1] = static_cast<std::uint8_t>((packet[1] & 0x80) | (payload_type.value() & 0x7f));
}

void set_sequence(MutableBytes packet, RtpSequence sequence) noexcept { put_u16(packet, 2, sequence.value()); }

void set_timestamp(MutableBytes packet, RtpTimestamp timestamp) noexcept { put_u32(packet, 4, timestamp.value()); }

void set_ssrc(MutableBytes packet, Ssrc ssrc) noexcept { put_u32(packet, 8, ssrc.value()); }

std::optional<MutableBytes> mutable_extension(MutableBytes packet, std::uint8_t id) noexcept {
  const auto view = RtpPacketView::parse(packet);
  if (!view) return std::nullopt;
  const auto found = view->extension(id);
  if (!found) return std::nullopt;
  return packet.subspan(static_cast<std::size_t>(found->data() - packet.data()), found->size());
}

}  // namespace sluice
