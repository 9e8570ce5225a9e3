#pragma once

#include <cstdint>
#include <memory>

#include "core/media/transport/rtp_consumer.h"
#include "core/media/transport/rtp_output.h"
#include "core/media/transport/tap_queue.h"

namespace sluice {

/// A consumer whose client is a queue: what a tap gets is chosen, numbered and rewritten as for anybody else, and
/// written where the reader finds it.
///
/// When the queue is full, packets are dropped, and no key frame is asked for: the others in the call are not to pay
/// for a reader that is too slow. Once half of the queue is free it goes on after a gap of one number, video with a key
/// frame.
/// @note Worker thread only; the packet path takes no lock and allocates nothing.
class RtpTap final : private RtpOutput {
 public:
  /// Owners of `queue`: this, the tap's handle, and whoever reads it, on their threads.
  RtpTap(RtpConsumer::Spec spec, std::shared_ptr<TapQueue> queue);
  RtpTap(const RtpTap&) = delete;
  RtpTap& operator=(const RtpTap&) = delete;
  ~RtpTap() override = default;

  [[nodiscard]] RtpConsumer& consumer() noexcept { return consumer_; }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return queue_->dropped(); }

 private:
  [[nodiscard]] MutableBytes begin_rtp() noexcept override;
  bool end_rtp(std::size_t size, PacePriority priority, Instant now) noexcept override;
  bool resend(Bytes /*datagram*/, Instant /*now*/) noexcept override { return false; }
  void cancel_rtp() noexcept override {}
  [[nodiscard]] std::uint16_t number_rtp() noexcept override { return 0; }

  std::shared_ptr<TapQueue> queue_;
  bool overflowed_ = false;
  RtpConsumer consumer_;
};

}  // namespace sluice
