#include "core/media/rtcp/rtcp_builder.h"

#include <algorithm>
#include <cassert>

#include "core/media/rtp/rtp_packet.h"

namespace sluice {
namespace {

constexpr std::uint8_t kCnameItem = 1;
constexpr std::size_t kMaxText = 255;                         ///< what an 8-bit length can say
constexpr std::size_t kMaxBlock = 0x1'0000 * std::size_t{4};  ///< what the 16-bit length can say, header included
constexpr std::uint8_t kReferenceTimeBlock = 4;
constexpr std::size_t kNackSpan = 16;  ///< packets after the PID that the BLP covers

Bytes as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void pad_to_word(ByteWriter& out) noexcept { out.zeros((4 - out.size() % 4) % 4); }

void write_reports(ByteWriter& out, std::span<const ReportBlock> reports) noexcept {
  for (const ReportBlock& block : reports) {
    out.u32(block.ssrc.value());
    out.u8(block.fraction_lost);
    out.u24(static_cast<std::uint32_t>(block.cumulative_lost) & 0xff'ffff);
    out.u32(block.extended_highest_sequence);
    out.u32(block.jitter);
    out.u32(block.last_sender_report.value());
    out.u32(block.delay_since_last_sender_report.value());
  }
}

struct PackedNack {
  NackItem item;
  std::size_t used = 0;  ///< how many of the list are in the item
};

/// The first of `lost`, with as many of those after it as the bit mask reaches.
PackedNack pack_nack(std::span<const RtpSequence> lost) noexcept {
  PackedNack packed{.item = {.pid = lost.front()}, .used = 1};
  for (; packed.used < lost.size(); ++packed.used) {
    const std::int32_t after = distance(packed.item.pid, lost[packed.used]);
    if (after < 0 || after > static_cast<std::int32_t>(kNackSpan)) break;
    if (after > 0) packed.item.blp = static_cast<std::uint16_t>(packed.item.blp | 1 << (after - 1));
  }
  return packed;
}

}  // namespace

ByteWriter RtcpBuilder::begin_block(std::size_t count, RtcpType type) const noexcept {
  const MutableBytes space = buffer_.subspan(size_);
  ByteWriter block{space.first(std::min(space.size(), kMaxBlock))};
  block.u8(static_cast<std::uint8_t>(kRtpVersion << 6 | count));
  block.u8(static_cast<std::uint8_t>(type));
  block.u16(0);  // commit() knows the length
  return block;
}

Result<Ok, RtcpError> RtcpBuilder::commit(ByteWriter& block) noexcept {
  if (block.failed()) return RtcpError::buffer_full;
  assert(block.size() % 4 == 0);
  ByteWriter{block.written().subspan(2, 2)}.u16(static_cast<std::uint16_t>(block.size() / 4 - 1));
  size_ += block.size();
  return Ok{};
}

Result<Ok, RtcpError> RtcpBuilder::add_sender_report(Ssrc sender, const SenderInfo& info,
                                                     std::span<const ReportBlock> reports) noexcept {
  if (reports.size() > kMaxRtcpCount) return RtcpError::too_many;
  ByteWriter block = begin_block(reports.size(), RtcpType::sender_report);
  block.u32(sender.value());
  block.u64(info.ntp.value());
  block.u32(info.rtp_timestamp.value());
  block.u32(info.packets);
  block.u32(info.octets);
  write_reports(block, reports);
  return commit(block);
}

Result<Ok, RtcpError> RtcpBuilder::add_receiver_report(Ssrc sender, std::span<const ReportBlock> reports) noexcept {
  if (reports.size() > kMaxRtcpCount) return RtcpError::too_many;
  ByteWriter block = begin_block(reports.size(), RtcpType::receiver_report);
  block.u32(sender.value());
  write_reports(block, reports);
  return commit(block);
}

Result<Ok, RtcpError> RtcpBuilder::add_cname(Ssrc source, std::string_view cname) noexcept {
  if (cname.size() > kMaxText) return RtcpError::too_many;
  ByteWriter block = begin_block(1, RtcpType::sdes);
  block.u32(source.value());
  block.u8(kCnameItem);
  block.u8(static_cast<std::uint8_t>(cname.size()));
  block.bytes(as_bytes(cname));
  block.u8(0);  // RFC 3550 section 6.5: the list of items ends with at least one zero octet
  pad_to_word(block);
  return commit(block);
}

Result<Ok, RtcpError> RtcpBuilder::add_bye(std::span<const Ssrc> sources, std::string_view reason) noexcept {
  if (sources.size() > kMaxRtcpCount || reason.size() > kMaxText) return RtcpError::too_many;
  ByteWriter block = begin_block(sources.size(), RtcpType::bye);
  for (const Ssrc source : sources) block.u32(source.value());
  if (!reason.empty()) {
    block.u8(static_cast<std::uint8_t>(reason.size()));
    block.bytes(as_bytes(reason));
    pad_to_word(block);
  }
  return commit(block);
}

// RFC 3611 section 4.4: | BT=4 | reserved | block length = 2 | NTP timestamp (64) |
Result<Ok, RtcpError> RtcpBuilder::add_reference_time(Ssrc sender, NtpTime now) noexcept {
  ByteWriter block = begin_block(0, RtcpType::extended_report);
  block.u32(sender.value());
  block.u8(kReferenceTimeBlock);
  block.u8(0);
  block.u16(2);
  block.u64(now.value());
  return commit(block);
}

Result<Ok, RtcpError> RtcpBuilder::add_pli(Ssrc sender, Ssrc media) noexcept {
  return add_feedback(RtcpType::payload_feedback, kFmtPli, sender, media, {});
}

Result<Ok, RtcpError> RtcpBuilder::add_fir(Ssrc sender, const FirEntry& entry) noexcept {
  ByteWriter block = begin_block(kFmtFir, RtcpType::payload_feedback);
  block.u32(sender.value());
  block.u32(0);  // RFC 5104 section 4.3.1.2: the media source is not used and SHALL be 0
  block.u32(entry.ssrc.value());
  block.u8(entry.sequence);
  block.u24(0);
  return commit(block);
}

Result<std::size_t, RtcpError> RtcpBuilder::add_nack(Ssrc sender, Ssrc media,
                                                     std::span<const RtpSequence> lost) noexcept {
  if (lost.empty()) return RtcpError::too_many;
  ByteWriter block = begin_block(kFmtNack, RtcpType::transport_feedback);
  block.u32(sender.value());
  block.u32(media.value());
  std::size_t used = 0;
  while (used < lost.size() && (used == 0 || block.remaining() >= 4)) {
    const PackedNack packed = pack_nack(lost.subspan(used));
    block.u16(packed.item.pid.value());
    block.u16(packed.item.blp);
    used += packed.used;
  }
  const auto written = commit(block);
  if (!written) return written.error();
  return used;
}

Result<Ok, RtcpError> RtcpBuilder::add_feedback(RtcpType type, std::uint8_t format, Ssrc sender, Ssrc media,
                                                Bytes fci) noexcept {
  assert(format <= kMaxRtcpCount && fci.size() % 4 == 0);
  ByteWriter block = begin_block(format, type);
  block.u32(sender.value());
  block.u32(media.value());
  block.bytes(fci);
  return commit(block);
}

}  // namespace sluice
