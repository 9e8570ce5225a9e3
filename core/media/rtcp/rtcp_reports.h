#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "core/base/byte_reader.h"
#include "core/media/rtcp/rtcp_packet.h"
#include "core/media/rtp/report_block.h"
#include "core/media/rtp/rtp_packet.h"
#include "core/media/rtp/wire_array.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

inline constexpr std::size_t kReportBlockSize = 24;

[[nodiscard]] ReportBlock decode_report_block(Bytes record) noexcept;
using ReportBlockList = WireArray<ReportBlock, kReportBlockSize, decode_report_block>;

/// SR, RFC 3550 section 6.4.1. Profile-specific extensions after the report blocks are left alone.
struct SenderReport {
  Ssrc sender;
  SenderInfo info;
  ReportBlockList reports;

  static Result<SenderReport, RtcpError> parse(const RtcpBlock& block) noexcept;
};

/// RR, RFC 3550 section 6.4.2.
struct ReceiverReport {
  Ssrc sender;
  ReportBlockList reports;

  static Result<ReceiverReport, RtcpError> parse(const RtcpBlock& block) noexcept;
};

/// SDES, RFC 3550 section 6.5. Of the items only CNAME is kept; every WebRTC endpoint sends it and no other.
class SourceDescription {
 public:
  struct Chunk {
    Ssrc source;
    std::string_view cname;  ///< empty when the chunk has none; bytes of the peer, not necessarily UTF-8
  };

  static Result<SourceDescription, RtcpError> parse(const RtcpBlock& block) noexcept;
  [[nodiscard]] std::span<const Chunk> chunks() const noexcept { return {chunks_.data(), size_}; }

 private:
  std::array<Chunk, kMaxRtcpCount> chunks_{};
  std::size_t size_ = 0;
};

/// BYE, RFC 3550 section 6.6.
struct Goodbye {
  CsrcList sources;
  std::string_view reason;  ///< empty when there is none; bytes of the peer, not necessarily UTF-8

  static Result<Goodbye, RtcpError> parse(const RtcpBlock& block) noexcept;
};

}  // namespace sluice
