#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/byte_writer.h"
#include "core/media/rtcp/rtcp_feedback.h"
#include "core/media/rtcp/rtcp_packet.h"
#include "core/media/rtp/ntp_time.h"
#include "core/media/rtp/report_block.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

/// Writes a compound RTCP packet into a caller's buffer, block by block in the order of the calls. A block is written
/// whole or not at all, so after an error the compound is still good: send it, and go on in another.
///
/// RFC 3550 section 6.1 wants a report and then SDES with CNAME first; RFC 5506 allows feedback alone. The caller
/// decides which.
class RtcpBuilder {
 public:
  /// @param buffer  Its size bounds the compound: leave room for what SRTCP appends.
  constexpr explicit RtcpBuilder(MutableBytes buffer) noexcept : buffer_{buffer} {}

  /// SR; at most 31 report blocks (`too_many`), as in an RR.
  Result<Ok, RtcpError> add_sender_report(Ssrc sender, const SenderInfo& info,
                                          std::span<const ReportBlock> reports = {}) noexcept;
  Result<Ok, RtcpError> add_receiver_report(Ssrc sender, std::span<const ReportBlock> reports = {}) noexcept;
  /// SDES of one chunk with a CNAME of at most 255 bytes.
  Result<Ok, RtcpError> add_cname(Ssrc source, std::string_view cname) noexcept;
  /// BYE of at most 31 sources; an empty reason is left out.
  Result<Ok, RtcpError> add_bye(std::span<const Ssrc> sources, std::string_view reason = {}) noexcept;

  /// XR with a receiver reference time, RFC 3611 section 4.4: who answers it tells the round trip to one who sends
  /// nothing that a sender report could be made of.
  Result<Ok, RtcpError> add_reference_time(Ssrc sender, NtpTime now) noexcept;

  Result<Ok, RtcpError> add_pli(Ssrc sender, Ssrc media) noexcept;
  /// FIR; `sequence` grows by one for each new command to the same source (RFC 5104 section 4.3.1.1).
  Result<Ok, RtcpError> add_fir(Ssrc sender, const FirEntry& entry) noexcept;
  /// NACK; packs `lost`, which should be in ascending order, into as few entries as that order allows.
  ///
  /// @return How many of `lost` are in: fewer than all when the buffer ends. `buffer_full`: none. `too_many`: an empty
  ///         list, of which no NACK can be made.
  Result<std::size_t, RtcpError> add_nack(Ssrc sender, Ssrc media, std::span<const RtpSequence> lost) noexcept;

  /// Feedback with ready-made control information, a multiple of 4 octets: transport-cc and the like.
  Result<Ok, RtcpError> add_feedback(RtcpType type, std::uint8_t format, Ssrc sender, Ssrc media, Bytes fci) noexcept;

  /// What has been written so far.
  [[nodiscard]] constexpr Bytes bytes() const noexcept { return buffer_.first(size_); }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }

 private:
  [[nodiscard]] ByteWriter begin_block(std::size_t count, RtcpType type) const noexcept;
  Result<Ok, RtcpError> commit(ByteWriter& block) noexcept;

  MutableBytes buffer_;
  std::size_t size_ = 0;
};

}  // namespace sluice
