#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/bwe/bandwidth_estimator.h"
#include "core/media/bwe/packet_queue.h"
#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice {

enum class PacePriority : std::uint8_t { audio, retransmission, video, padding };

/// Spreads what a transport sends over time, so that a key frame does not fill the queue of a thin link at once.
///
/// A leaky bucket that holds kBurst: what is sent fills it, the rate drains it, and while it is full video waits. Audio
/// never does, but fills it. What may leave at once is never copied: the caller asks may_send(), sends, and tells
/// on_sent(). What must wait is copied in, as it will be sent but for SRTP and the numbers of the hop, and comes out of
/// poll(): retransmissions first, then by arrival. Bounded in packets, bytes and time: beyond them the oldest video
/// goes.
///
/// At each deadline the caller does
///
///     while (auto packet = pacer.poll(now)) send(*packet, pacer.probe());
///     while (auto bytes = pacer.padding_due(now)) send_padding_and_tell_on_sent(bytes);  // or break: it has none
///
/// Sans I/O. @note Worker thread only; memory is taken when the first packet waits, and given back when none has for a
/// while.
class Pacer {
 public:
  /// Longest time that a packet waits, give or take the timer; a queue that would take longer is drained faster
  /// instead.
  static constexpr Duration kMaxWait = std::chrono::milliseconds{500};
  static constexpr std::size_t kMaxPackets = 1024;
  static constexpr std::size_t kMaxBytes = 1024 * 1024;
  /// What may leave back to back; a burst of a frame's packets is one message to the kernel.
  static constexpr Duration kBurst = std::chrono::milliseconds{40};
  /// Deadlines are not closer to each other: each lets out what the bucket lost in that time. A deadline that is met
  /// late lets out more, up to a whole bucket.
  static constexpr Duration kTick = std::chrono::milliseconds{5};
  /// Memory of a queue in which nothing waited for so long is given back.
  static constexpr Duration kKeepMemory = std::chrono::seconds{5};
  /// Probes under way and to come; more are not taken.
  static constexpr std::size_t kMaxProbes = 4;
  /// A probe that is fed too slowly ends after twice the time that it should take and this, and no later than
  /// kMaxProbe.
  static constexpr Duration kProbeGrace = std::chrono::milliseconds{100};
  static constexpr Duration kMaxProbe = std::chrono::seconds{2};
  /// Less padding is not asked for: packets of some bytes cost more than they tell.
  static constexpr std::size_t kMinPadding = 256;

  /// `rate` of media, usually a multiple of the estimate; zero: there is no limit.
  void set_rate(DataRate rate, Instant now) noexcept;
  /// From now until its bytes and packets have left, sends at the probe's rate, and says how much padding that takes. A
  /// probe that comes while another one runs follows it.
  void start_probe(const ProbeCluster& probe, Instant now) noexcept;

  /// False: push() it. Video waits behind video that waits; a retransmission passes it.
  [[nodiscard]] bool may_send(PacePriority priority, Instant now) noexcept;
  /// Of what was sent past the queue: audio and padding included, packets of poll() not.
  void on_sent(std::size_t bytes, Instant now) noexcept;
  /// False: there is no room, or it is longer than PacketQueue::kMaxPacket; the packet is dropped and counted. Audio is
  /// not pushed; if it is, it goes with the retransmissions.
  bool push(PacePriority priority, Bytes packet, Instant now) noexcept;

  /// The next packet that may leave now, to be given its numbers and sent; borrowed until the next call that is not
  /// const. Counted as sent.
  [[nodiscard]] std::optional<MutableBytes> poll(Instant now) noexcept;
  /// Bytes of padding that a probe under way is short of now; 0: none. Ask after poll() gave nothing.
  [[nodiscard]] std::size_t padding_due(Instant now) noexcept;
  /// The probe that packets sent now belong to; 0: none. After poll(): the one of its packet. For what passes the
  /// queue: ask before on_sent(), which may end it.
  [[nodiscard]] std::uint8_t probe() const noexcept { return probe_id_; }
  /// None while nothing waits and no probe runs.
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;

  /// Everything that waits is forgotten, and the probes are over: the path is gone.
  void clear() noexcept;
  [[nodiscard]] std::size_t queued_packets() const noexcept;
  [[nodiscard]] std::size_t queued_bytes() const noexcept;
  /// Packets that the bounds cost.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }
  [[nodiscard]] bool holds_memory() const noexcept { return waiting_ != nullptr; }

 private:
  struct Waiting {
    PacketQueue retransmissions;
    PacketQueue video;
  };

  void advance(Instant now) noexcept;
  void use_rate() noexcept;
  void count(std::size_t bytes) noexcept;
  void begin_probe(Instant now) noexcept;
  [[nodiscard]] bool has_budget() const noexcept { return rate_.is_zero() || level_ < limit_; }
  [[nodiscard]] bool make_room(std::size_t bytes) noexcept;
  [[nodiscard]] PacketQueue* next_queue(Instant now) noexcept;
  [[nodiscard]] double padding_threshold() const noexcept;
  [[nodiscard]] Instant when_below(double level) const noexcept;

  DataRate rate_;      // zero: no limit
  DataRate catch_up_;  // that empties the queue within kMaxWait; zero while nothing waits
  double level_ = 0;   // bytes in the bucket: a fraction counts, as calls are microseconds apart
  double limit_ = 0;   // the bucket is full
  double drain_ = 0;   // bytes per nanosecond
  Instant updated_{};
  Instant asked_{};  // when there was last nothing to let out
  std::unique_ptr<Waiting> waiting_;
  Instant emptied_{};
  std::uint64_t dropped_ = 0;

  std::array<ProbeCluster, kMaxProbes> pending_{};  // to come
  std::uint8_t pending_count_ = 0;
  std::uint8_t probe_id_ = 0;
  bool probing_ = false;
  ProbeCluster probe_{};  // what is left of it
  Instant probe_deadline_{};
};

}  // namespace sluice
