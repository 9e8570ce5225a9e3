#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/byte_reader.h"
#include "core/media/bwe/pacer.h"
#include "sluice/time.h"

namespace sluice {

/// Takes the packets that a consumer has written, on their way out; implemented by its transport.
class RtpOutput {
 public:
  virtual ~RtpOutput() = default;
  /// A buffer for one packet, or an empty one while media cannot be sent.
  [[nodiscard]] virtual MutableBytes begin_rtp() noexcept = 0;
  /// Protects and sends the packet of `size` bytes in the buffer, now or when it is its turn; 0: the packet did not fit
  /// the buffer. @return whether it will be sent.
  virtual bool end_rtp(std::size_t size, PacePriority priority, Instant now) noexcept = 0;
  /// Sends once more what has left before, as it was: protected. @return whether it was sent.
  virtual bool resend(Bytes datagram, Instant now) noexcept = 0;
  /// Gives the buffer back: there is nothing to send.
  virtual void cancel_rtp() noexcept = 0;
  /// The transport-wide sequence number of the packet in the buffer, for those that carry one.
  [[nodiscard]] virtual std::uint16_t number_rtp() noexcept = 0;
  /// A packet comes soon: asks for the memory that it will need. Two steps, as the second reads what the first asked
  /// for.
  virtual void prefetch_near() const noexcept {}
  virtual void prefetch_far() const noexcept {}
};

}  // namespace sluice
