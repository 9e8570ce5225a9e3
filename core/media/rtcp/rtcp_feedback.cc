#include "core/media/rtcp/rtcp_feedback.h"

#include <algorithm>
#include <array>

namespace sluice {
namespace {

// draft-alvestrand-rmcat-remb-03 section 2.2: the FCI of REMB begins with this unique identifier.
constexpr std::array<std::uint8_t, 4> kRembName{'R', 'E', 'M', 'B'};

bool is_remb(Bytes fci) noexcept {
  return fci.size() >= 8 && std::equal(kRembName.begin(), kRembName.end(), fci.begin());
}

FeedbackKind transport_feedback_kind(std::uint8_t format) noexcept {
  if (format == kFmtNack) return FeedbackKind::nack;
  if (format == kFmtTransportCc) return FeedbackKind::transport_cc;
  return FeedbackKind::unknown;
}

FeedbackKind payload_feedback_kind(std::uint8_t format, Bytes fci) noexcept {
  if (format == kFmtPli) return FeedbackKind::pli;
  if (format == kFmtFir) return FeedbackKind::fir;
  if (format == kFmtApplicationLayer && is_remb(fci)) return FeedbackKind::remb;
  return FeedbackKind::unknown;
}

/// RFC 4585 section 6.2.1 and RFC 5104 section 4.3.1.1: at least one entry, and only whole ones.
bool is_list_of(Bytes fci, std::size_t entry_size) noexcept { return !fci.empty() && fci.size() % entry_size == 0; }

}  // namespace

// RFC 4585 section 6.1:
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                  SSRC of packet sender                        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                  SSRC of media source                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :            Feedback Control Information (FCI)                 :
Result<Feedback, RtcpError> Feedback::parse(const RtcpBlock& block) noexcept {
  const bool transport = block.type == RtcpType::transport_feedback;
  if (!transport && block.type != RtcpType::payload_feedback) return RtcpError::wrong_type;
  ByteReader in{block.body};
  Feedback feedback;
  feedback.format = block.count;
  feedback.sender = Ssrc{in.u32()};
  feedback.media = Ssrc{in.u32()};
  if (in.failed()) return RtcpError::truncated;
  feedback.fci = in.rest();
  feedback.kind = transport ? transport_feedback_kind(block.count) : payload_feedback_kind(block.count, feedback.fci);

  if (feedback.kind == FeedbackKind::nack && !is_list_of(feedback.fci, 4)) return RtcpError::bad_count;
  if (feedback.kind == FeedbackKind::fir && !is_list_of(feedback.fci, 8)) return RtcpError::bad_count;
  return feedback;
}

// RFC 4585 section 6.2.1: | packet identifier (16) | bitmask of following lost packets (16) |
NackItem decode_nack_item(Bytes record) noexcept {
  ByteReader in{record};
  const RtpSequence pid{in.u16()};
  return {.pid = pid, .blp = in.u16()};
}

// RFC 5104 section 4.3.1.1: | SSRC (32) | sequence number (8) | reserved (24) |
FirEntry decode_fir_entry(Bytes record) noexcept {
  ByteReader in{record};
  const Ssrc ssrc{in.u32()};
  return {.ssrc = ssrc, .sequence = in.u8()};
}

}  // namespace sluice
