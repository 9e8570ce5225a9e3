#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/media/rtp/stream_label.h"
#include "tests/load/recording.h"
#include "tests/load/source_table.h"
#include "tests/load/stream_shape.h"
#include "tests/simulation/rtc_peer.h"

namespace sluice::load {

/// How a stream that a peer sends was negotiated.
struct OutgoingStream {
  Source* source = nullptr;  ///< outlives the peer
  StreamShape shape;
  Ssrc ssrc;
  PayloadType payload_type;
  std::uint8_t mid_extension = 0;  ///< 0: not negotiated
  std::optional<Mid> mid{};
  std::uint8_t rid_extension = 0;
  std::optional<Rid> rid{};
  Duration phase{};  ///< of the first burst after the peer has connected
  /// Sent again and again in place of `shape`; outlives the peer. It begins anew when a key frame is asked for.
  const Recording* recording = nullptr;
};

/// Sends one stream at its pace: VP8-shaped frames or Opus-shaped packets. Allocates nothing after construction.
class PacedStream {
 public:
  explicit PacedStream(const OutgoingStream& order);

  void start(Instant now) noexcept { next_burst_ = now + order_.phase; }
  /// Sends what is due. A stream that fell more than a second behind goes on from now.
  void send_due(simulation::RtcPeer& peer, const MeasuredWindow& window, Instant now);
  [[nodiscard]] Instant next_burst() const noexcept { return next_burst_; }

  void request_key_frame() noexcept { wants_key_frame_ = true; }
  void add_sender_report(RtcpBuilder& compound, WallTime wall, Instant now) const;
  [[nodiscard]] Ssrc ssrc() const noexcept { return order_.ssrc; }
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

 private:
  void send_burst(simulation::RtcPeer& peer, const MeasuredWindow& window);
  void send_frame(simulation::RtcPeer& peer, const MeasuredWindow& window);
  void send_packet(simulation::RtcPeer& peer, const MeasuredWindow& window, MutableBytes payload, bool marker);
  void write_header(bool first);
  /// From the burst before the next one to the next.
  [[nodiscard]] Duration interval() const noexcept;
  [[nodiscard]] std::uint32_t clock_rate() const noexcept;

  OutgoingStream order_;
  std::vector<std::uint8_t> payload_;
  Instant next_burst_{};
  std::uint64_t bursts_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t octets_ = 0;
  std::size_t frame_ = 0;      // of the recording
  std::uint64_t refused_ = 0;  // by the peer; the number is sent with the next packet
  RtpTimestamp timestamp_{};
  std::uint16_t picture_ = 0;
  bool wants_key_frame_ = true;
};

}  // namespace sluice::load
