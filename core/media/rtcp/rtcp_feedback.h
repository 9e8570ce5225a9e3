#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/byte_reader.h"
#include "core/media/rtcp/rtcp_packet.h"
#include "core/media/rtp/sequence_number.h"
#include "core/media/rtp/wire_array.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

namespace sluice {

/// FMT values of transport layer feedback (RTPFB).
inline constexpr std::uint8_t kFmtNack = 1;          ///< RFC 4585 section 6.2.1
inline constexpr std::uint8_t kFmtTransportCc = 15;  ///< draft-holmer-rmcat-transport-wide-cc-extensions-01
/// FMT values of payload-specific feedback (PSFB).
inline constexpr std::uint8_t kFmtPli = 1;                ///< RFC 4585 section 6.3.1
inline constexpr std::uint8_t kFmtFir = 4;                ///< RFC 5104 section 4.3.1
inline constexpr std::uint8_t kFmtApplicationLayer = 15;  ///< RFC 4585 section 6.4; REMB is one of them

enum class FeedbackKind : std::uint8_t { nack, transport_cc, pli, fir, remb, unknown };

/// Feedback of RFC 4585 section 6.1, its kind recognised; FCI of a kind that has a list is known to hold whole entries.
struct Feedback {
  FeedbackKind kind = FeedbackKind::unknown;
  std::uint8_t format = 0;  ///< FMT
  Ssrc sender;
  Ssrc media;  ///< 0 where the FCI names the sources itself: FIR, REMB
  Bytes fci;   ///< feedback control information

  static Result<Feedback, RtcpError> parse(const RtcpBlock& block) noexcept;
};

/// A lost packet and a bit for each of the 16 after it, RFC 4585 section 6.2.1.
struct NackItem {
  RtpSequence pid{};
  std::uint16_t blp = 0;
  friend constexpr bool operator==(NackItem, NackItem) noexcept = default;
};
[[nodiscard]] NackItem decode_nack_item(Bytes record) noexcept;
using NackList = WireArray<NackItem, 4, decode_nack_item>;

/// The entries of a `nack`; as many as the datagram holds, about 370 in one of Ethernet size.
[[nodiscard]] inline NackList nack_items(const Feedback& feedback) noexcept { return NackList{feedback.fci}; }

/// Calls `visit(RtpSequence)` for each packet that `item` reports lost, oldest first: at most 17.
template <class Visit>
void for_each_lost(NackItem item, Visit&& visit) {
  visit(item.pid);
  for (int bit = 0; bit < 16; ++bit) {
    if ((item.blp >> bit & 1) != 0) visit(advance(item.pid, bit + 1));
  }
}

/// One source that is asked for a key frame, RFC 5104 section 4.3.1.1.
struct FirEntry {
  Ssrc ssrc{};
  std::uint8_t sequence = 0;  ///< a repeated command keeps its number
  friend constexpr bool operator==(FirEntry, FirEntry) noexcept = default;
};
[[nodiscard]] FirEntry decode_fir_entry(Bytes record) noexcept;
using FirList = WireArray<FirEntry, 8, decode_fir_entry>;

[[nodiscard]] inline FirList fir_entries(const Feedback& feedback) noexcept { return FirList{feedback.fci}; }

}  // namespace sluice
