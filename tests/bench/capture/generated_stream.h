#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/media/transport/tap_queue.h"
#include "sluice/time.h"

namespace sluice::bench {

/// What a sender would send: packets of equal size.
struct StreamShape {
  std::uint8_t payload_type = 0;
  Duration frame_interval{};
  std::uint32_t ticks = 0;  ///< of the RTP clock, a frame
  int packets_of_frame = 1;
  std::size_t packet_bytes = 0;  ///< of payload
  int key_frame_interval = 0;    ///< in frames; 0: sound
};

/// A stream that comes into a tap's queue, without a worker.
class GeneratedStream {
 public:
  GeneratedStream(const StreamShape& shape, std::size_t queue_bytes, Instant begin);

  /// All packets until then have arrived.
  void arrive_until(Instant moment);
  [[nodiscard]] const std::shared_ptr<TapQueue>& queue() const noexcept { return queue_; }

 private:
  void write_packet(MutableBytes room, bool first, bool last);

  StreamShape shape_;
  std::shared_ptr<TapQueue> queue_;  // shared with who reads, as a tap's is
  Instant arrival_;
  std::uint16_t sequence_ = 0;
  std::uint32_t timestamp_ = 0;
  int frame_ = 0;
  int packet_of_frame_ = 0;
};

}  // namespace sluice::bench
