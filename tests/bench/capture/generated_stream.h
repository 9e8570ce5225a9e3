#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sluice/taps.h"

namespace sluice::bench {

/// What a sender would send: packets of equal size, made as they are read.
struct StreamShape {
  std::uint8_t payload_type = 0;
  Duration frame_interval{};
  std::uint32_t ticks = 0;  ///< of the RTP clock, a frame
  int packets_of_frame = 1;
  std::size_t packet_bytes = 0;  ///< of payload
  int key_frame_interval = 0;    ///< in frames; 0: sound
};

/// The reading end of a tap into which a stream has come, without a worker.
class GeneratedStream final : public TapReader {
 public:
  GeneratedStream(const StreamShape& shape, Instant begin);

  [[nodiscard]] std::optional<TappedPacket> next() override;
  [[nodiscard]] std::uint64_t dropped() const noexcept override { return 0; }
  /// All packets until then have arrived.
  void arrive_until(Instant moment) noexcept { until_ = moment; }

 private:
  void begin_packet(bool first, bool last);

  StreamShape shape_;
  Instant arrival_;
  Instant until_;
  std::vector<std::uint8_t> packet_;
  std::uint16_t sequence_ = 0;
  std::uint32_t timestamp_ = 0;
  int frame_ = 0;
  int packet_of_frame_ = 0;
};

}  // namespace sluice::bench
