#include "core/media/rtcp/rtcp_extended_report.h"

namespace sluice {
namespace {

constexpr std::uint8_t kReceiverReferenceTime = 4;
constexpr std::uint8_t kDelaySinceLastRr = 5;
constexpr std::size_t kReferenceTimeSize = 8;

}  // namespace

// RFC 3611 section 4.5: | SSRC | last RR (32) | delay since last RR (32) |
DelaySinceLastRr decode_delay_since_last_rr(Bytes record) noexcept {
  ByteReader in{record};
  DelaySinceLastRr answer;
  answer.ssrc = Ssrc{in.u32()};
  answer.last_rr = CompactNtp{in.u32()};
  answer.delay_since = CompactNtp{in.u32()};
  return answer;
}

// RFC 3611 section 2: SSRC, then blocks, each with the header of section 3:
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |      BT       | type-specific |  length: words that follow    |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
Result<ExtendedReport, RtcpError> ExtendedReport::parse(const RtcpBlock& block) noexcept {
  if (block.type != RtcpType::extended_report) return RtcpError::wrong_type;
  ByteReader in{block.body};
  ExtendedReport report;
  report.sender = Ssrc{in.u32()};
  while (!in.failed() && in.remaining() > 0) {
    const std::uint8_t type = in.u8();
    in.skip(1);
    const Bytes content = in.bytes(in.u16() * std::size_t{4});
    if (in.failed()) break;
    if (type == kReceiverReferenceTime && content.size() == kReferenceTimeSize) {
      report.reference_time = NtpTime{ByteReader{content}.u64()};
    }
    if (type == kDelaySinceLastRr) report.delays = DelaySinceLastRrList{content};
  }
  if (in.failed()) return RtcpError::truncated;
  return report;
}

}  // namespace sluice
