#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "core/media/transport/routed_packet.h"
#include "sluice/time.h"

namespace sluice {

class RtpSource;

/// The packets of one batch of datagrams on their way to the consumers of this worker.
///
/// A frame arrives as several packets at once. Handing it out packet by packet would fetch every consumer's state from
/// memory for each packet, and leave the packets to one destination far apart; so the packets of one source wait for
/// the end of the batch, and each consumer then takes all of them: they stand side by side in the send slab, ready to
/// leave as one message.
/// @note Worker thread only; allocates nothing after construction.
class FanOut {
 public:
  /// More than that are handed out before the batch ends.
  static constexpr std::size_t kMaxPackets = 64;

  /// Stands around the handling of datagrams whose bytes outlive it. Inside of another batch it does nothing.
  class Batch {
   public:
    Batch(FanOut& fan_out, Instant now) noexcept : fan_out_{fan_out}, now_{now} { ++fan_out_.depth_; }
    ~Batch() {
      if (--fan_out_.depth_ == 0) fan_out_.hand_out(now_);
    }
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

   private:
    FanOut& fan_out_;
    Instant now_;
  };

  FanOut() { packets_.reserve(kMaxPackets); }

  /// Inside of a batch: keeps the packet for its end. Outside: hands it out at once.
  void add(RtpSource& source, const RoutedPacket& packet, Instant now) noexcept;
  /// The source dies: what waits of it is dropped.
  void forget(const RtpSource& source) noexcept;

 private:
  struct Waiting {
    RtpSource* source;  // null: handed out, or the source is gone
    RoutedPacket packet;
  };

  void hand_out(Instant now) noexcept;
  [[nodiscard]] std::span<RoutedPacket* const> take_all_of(RtpSource* source, std::size_t first) noexcept;

  std::vector<Waiting> packets_;                      // in the order of their arrival
  std::array<RoutedPacket*, kMaxPackets> of_source_;  // scratch
  int depth_ = 0;
};

}  // namespace sluice
