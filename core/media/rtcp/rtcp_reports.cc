#include "core/media/rtcp/rtcp_reports.h"

namespace sluice {
namespace {

constexpr std::uint8_t kEndOfItems = 0;
constexpr std::uint8_t kCnameItem = 1;

std::string_view as_text(Bytes bytes) noexcept { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// A 24-bit two's complement number.
constexpr std::int32_t signed_24(std::uint32_t value) noexcept { return static_cast<std::int32_t>(value << 8) >> 8; }

// RFC 3550 section 6.5: | SSRC | items: |type|length|text| ... | 0 | zeros up to the next 32-bit boundary |
Result<SourceDescription::Chunk, RtcpError> read_chunk(ByteReader& in) noexcept {
  SourceDescription::Chunk chunk;
  chunk.source = Ssrc{in.u32()};
  std::size_t size = 4;
  for (;;) {
    const std::uint8_t type = in.u8();
    ++size;
    if (in.failed()) return RtcpError::bad_text;
    if (type == kEndOfItems) break;
    const std::uint8_t length = in.u8();
    const Bytes text = in.bytes(length);
    size += std::size_t{1} + length;
    if (in.failed()) return RtcpError::bad_text;
    if (type == kCnameItem) chunk.cname = as_text(text);
  }
  in.skip((4 - size % 4) % 4);
  if (in.failed()) return RtcpError::bad_text;
  return chunk;
}

}  // namespace

// RFC 3550 section 6.4.1:
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                       SSRC of the source                      |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | fraction lost |       cumulative number of packets lost       |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |           extended highest sequence number received           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                      interarrival jitter                      |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                         last SR (LSR)                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                   delay since last SR (DLSR)                  |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
ReportBlock decode_report_block(Bytes record) noexcept {
  ByteReader in{record};
  ReportBlock block;
  block.ssrc = Ssrc{in.u32()};
  block.fraction_lost = in.u8();
  block.cumulative_lost = signed_24(in.u24());
  block.extended_highest_sequence = in.u32();
  block.jitter = in.u32();
  block.last_sender_report = CompactNtp{in.u32()};
  block.delay_since_last_sender_report = CompactNtp{in.u32()};
  return block;
}

// RFC 3550 section 6.4.1: | SSRC | NTP timestamp (64) | RTP timestamp | packet count | octet count | report blocks |
Result<SenderReport, RtcpError> SenderReport::parse(const RtcpBlock& block) noexcept {
  if (block.type != RtcpType::sender_report) return RtcpError::wrong_type;
  ByteReader in{block.body};
  SenderReport report;
  report.sender = Ssrc{in.u32()};
  report.info.ntp = NtpTime{in.u64()};
  report.info.rtp_timestamp = RtpTimestamp{in.u32()};
  report.info.packets = in.u32();
  report.info.octets = in.u32();
  if (in.failed()) return RtcpError::truncated;
  report.reports = ReportBlockList{in.bytes(block.count * kReportBlockSize)};
  if (in.failed()) return RtcpError::bad_count;
  return report;
}

Result<ReceiverReport, RtcpError> ReceiverReport::parse(const RtcpBlock& block) noexcept {
  if (block.type != RtcpType::receiver_report) return RtcpError::wrong_type;
  ByteReader in{block.body};
  ReceiverReport report;
  report.sender = Ssrc{in.u32()};
  if (in.failed()) return RtcpError::truncated;
  report.reports = ReportBlockList{in.bytes(block.count * kReportBlockSize)};
  if (in.failed()) return RtcpError::bad_count;
  return report;
}

Result<SourceDescription, RtcpError> SourceDescription::parse(const RtcpBlock& block) noexcept {
  if (block.type != RtcpType::sdes) return RtcpError::wrong_type;
  ByteReader in{block.body};
  SourceDescription description;
  while (description.size_ < block.count) {
    if (in.remaining() < sizeof(Ssrc::rep)) return RtcpError::bad_count;
    const auto chunk = read_chunk(in);
    if (!chunk) return chunk.error();
    description.chunks_[description.size_++] = *chunk;
  }
  return description;
}

// RFC 3550 section 6.6: | SSRC, count times | length | reason for leaving ... | the reason is optional
Result<Goodbye, RtcpError> Goodbye::parse(const RtcpBlock& block) noexcept {
  if (block.type != RtcpType::bye) return RtcpError::wrong_type;
  ByteReader in{block.body};
  Goodbye bye;
  bye.sources = CsrcList{in.bytes(block.count * std::size_t{4})};
  if (in.failed()) return RtcpError::bad_count;
  if (in.remaining() > 0) bye.reason = as_text(in.bytes(in.u8()));
  if (in.failed()) return RtcpError::bad_text;
  return bye;
}

}  // namespace sluice
