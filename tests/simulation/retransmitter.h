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

/// The sending half of a browser's loss recovery: keeps what was sent, and answers NACKs with RTX (RFC 4588).
class Retransmitter {
 public:
  struct StreamSpec {
    Ssrc ssrc;
    Ssrc rtx_ssrc;
    PayloadType rtx_payload_type{};
    std::optional<Mid> mid{};
    std::optional<Rid> rid{};  ///< of a simulcast's encoding: goes as the repaired rid
    RtpSequence first_sequence{};
  };

  void add(const StreamSpec& spec) { streams_[spec.ssrc].emplace(spec); }
  /// A packet before it is protected.
  void on_sent(Bytes packet);

  /// Calls `send(Bytes)` with an RTX packet for each that is asked for and still known.
  template <class Send>
  void on_nack(const Feedback& nack, Send&& send) {
    for (const NackItem& item : nack_items(nack)) {
      for_each_lost(item, [&](RtpSequence lost) {
        const Bytes packet = repeat(nack.media, lost);
        if (!packet.empty()) send(packet);
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

  [[nodiscard]] Bytes repeat(Ssrc ssrc, RtpSequence sequence);
  [[nodiscard]] Bytes write(Stream& stream, const RtpPacketView& original);

  std::map<Ssrc, std::optional<Stream>> streams_;
  std::array<std::uint8_t, 2048> out_;
  std::uint64_t retransmitted_ = 0;
};

}  // namespace sluice::simulation
