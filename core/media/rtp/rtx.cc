#include "core/media/rtp/rtx.h"

#include <algorithm>

#include "core/base/byte_writer.h"
#include "core/media/rtp/rtp_writer.h"

namespace sluice {
namespace {

constexpr std::size_t kOsnSize = 2;
constexpr std::uint8_t kPaddingBit = 0x20;

}  // namespace

// RFC 4588 section 4:
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                         RTP header                            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |            OSN                |                               |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+   original RTP payload        |
Result<std::size_t, RtpError> write_rtx(MutableBytes out, const RtpPacketView& original, const RtxHeader& rtx,
                                        std::span<const ExtensionElement> extensions) noexcept {
  RtpHeader header = header_of(original);
  header.ssrc = rtx.ssrc;
  header.payload_type = rtx.payload_type;
  header.sequence = rtx.sequence;

  ByteWriter writer{out};
  const auto written = write_rtp_header(writer, header, extensions, Padding::absent);
  if (!written) return written.error();
  writer.u16(original.sequence().value());
  writer.bytes(original.payload());
  if (writer.failed()) return RtpError::buffer_too_small;
  return writer.size();
}

Result<MutableBytes, RtpError> restore_from_rtx(MutableBytes packet, const RtxOrigin& origin) noexcept {
  const auto rtx = RtpPacketView::parse(packet);
  if (!rtx) return rtx.error();
  if (rtx->payload().size() < kOsnSize) return RtpError::bad_rtx;
  if (origin.payload_type.value() > 127) return RtpError::bad_payload_type;

  const RtpSequence original_sequence{ByteReader{rtx->payload()}.u16()};
  const std::size_t header_size = rtx->header_size();
  const std::size_t restored_size = header_size + rtx->payload().size() - kOsnSize;

  const auto header = packet.first(header_size);
  std::copy_backward(header.begin(), header.end(), packet.first(header_size + kOsnSize).end());
  const MutableBytes restored = packet.subspan(kOsnSize, restored_size);
  restored[0] &= static_cast<std::uint8_t>(~kPaddingBit);
  set_sequence(restored, original_sequence);
  set_ssrc(restored, origin.ssrc);
  set_payload_type(restored, origin.payload_type);
  return restored;
}

}  // namespace sluice
