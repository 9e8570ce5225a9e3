#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/bwe/bandwidth_estimator.h"
#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

enum class PacePriority : std::uint8_t { audio, retransmission, video };

/// Spreads what a transport sends over time, so that a key frame does not fill the queue of a thin link at once.
///
/// Audio is never held. What may leave at once is never copied: the caller asks may_send(), sends, and tells
/// on_sent(). What must wait is copied in, as it will be sent but for SRTP and the numbers of the hop, and comes out of
/// poll() in order of priority, then of arrival. Bounded in packets, bytes and time: beyond them the oldest video goes.
///
/// Sans I/O. @note Worker thread only; memory is taken when the first packet waits, and given back when none has for a
/// while.
class Pacer {
 public:
  /// Longest time that a packet waits; a queue that would take longer is drained faster instead.
  static constexpr Duration kMaxWait = std::chrono::milliseconds{500};
  static constexpr std::size_t kMaxPackets = 1024;
  /// What may leave back to back; a burst of a frame's packets is one message to the kernel.
  static constexpr Duration kBurst = std::chrono::milliseconds{40};

  /// `rate` of media, usually a multiple of the estimate; zero: there is no limit.
  void set_rate(DataRate rate, Instant now) noexcept;
  /// From now until its bytes have left, sends at the probe's rate, and says how much padding that takes.
  void start_probe(const ProbeCluster& probe, Instant now) noexcept;

  [[nodiscard]] bool may_send(PacePriority priority, Instant now) noexcept;
  /// Of what was sent past the queue, audio included.
  void on_sent(std::size_t bytes, Instant now) noexcept;
  /// False: there is no room, the packet is dropped.
  bool push(PacePriority priority, Bytes packet, Instant now) noexcept;

  /// The next packet that may leave now; borrowed until the next call. Counted as sent.
  [[nodiscard]] std::optional<Bytes> poll(Instant now) noexcept;
  /// Bytes of padding that a probe under way is short of now; 0: none. Ask after poll() gave nothing.
  [[nodiscard]] std::size_t padding_due(Instant now) noexcept;
  /// The probe that packets sent now belong to; 0: none.
  [[nodiscard]] std::uint8_t probe() const noexcept;
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;

  /// Everything that waits is forgotten: the path is gone.
  void clear() noexcept;
  [[nodiscard]] std::size_t queued_packets() const noexcept;
  [[nodiscard]] std::size_t queued_bytes() const noexcept;
  [[nodiscard]] std::uint64_t dropped() const noexcept;
};

}  // namespace sluice
