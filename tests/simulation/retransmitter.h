#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "core/media/rtcp/rtcp_feedback.h"
#include "core/media/rtp/rtp_packet.h"
#include "core/media/rtp/stream_label.h"
#include "sluice/media_types.h"

namespace sluice::simulation {

/// The sending half of a browser's loss recovery: keeps what was sent, and answers NACKs with RTX (RFC 4588), or with
/// the very datagram that was lost: another one of that number would use an SRTP nonce twice.
class Retransmitter {
 public:
  struct StreamSpec {
    Ssrc ssrc;
    std::optional<Ssrc> rtx_ssrc{};  ///< none: no RTX
    PayloadType rtx_payload_type{};
    std::optional<Mid> mid{};
    std::optional<Rid> rid{};  ///< of a simulcast's encoding: goes as the repaired rid
    RtpSequence first_sequence{};
  };

  void add(const StreamSpec& spec) { streams_[spec.ssrc].emplace(spec); }
  /// A packet before it is protected.
  void on_sent(Bytes packet) { keep(packet, true); }
  /// A packet after it was protected.
  void on_protected(Bytes datagram) { keep(datagram, false); }

  /// Calls `send(Bytes)` with an RTX packet, or `send_datagram(Bytes)` with one that is protected, for each that is
  /// asked for and still known.
  template <class Send, class SendDatagram>
  void on_nack(const Feedback& nack, Send&& send, SendDatagram&& send_datagram) {
    const auto found = streams_.find(nack.media);
    if (found == streams_.end()) return;
    const bool rtx = found->second->spec.rtx_ssrc.has_value();
    for (const NackItem& item : nack_items(nack)) {
      for_each_lost(item, [&](RtpSequence lost) {
        const Bytes packet = repeat(*found->second, lost);
        if (!packet.empty()) rtx ? send(packet) : send_datagram(packet);
      });
    }
  }

  [[nodiscard]] std::uint64_t retransmitted() const noexcept { return retransmitted_; }

 private:
  static constexpr std::size_t kKeptPackets = 2000;

  struct Stream {
    explicit Stream(const StreamSpec& of) : spec{of}, next{of.first_sequence} {}
    StreamSpec spec;
    RtpSequence next;
    std::deque<std::vector<std::uint8_t>> packets;
  };

  void keep(Bytes packet, bool for_rtx);
  [[nodiscard]] Bytes repeat(Stream& stream, RtpSequence sequence);
  [[nodiscard]] Bytes write(Stream& stream, const RtpPacketView& original);

  std::map<Ssrc, std::optional<Stream>> streams_;
  std::array<std::uint8_t, 2048> out_;
  std::uint64_t retransmitted_ = 0;
};

}  // namespace sluice::simulation
