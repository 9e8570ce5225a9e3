#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/media/bwe/layer_rates.h"
#include "core/media/ortc/limits.h"
#include "core/media/ortc/mapping.h"
#include "core/media/recovery/packet_history.h"
#include "core/media/transport/media_keys.h"
#include "core/media/transport/routed_packet.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

class FanOut;
class RtpConsumer;

/// A producer as the consumers of one worker see it: the producer itself on its own worker, its mirror on the others.
/// @note Worker thread only.
class RtpSource {
 public:
  RtpSource(ProducerKey key, MediaKind kind, std::uint8_t encodings, FanOut& fan_out) noexcept
      : key_{key}, kind_{kind}, encodings_{encodings}, fan_out_{fan_out} {}
  RtpSource(const RtpSource&) = delete;
  RtpSource& operator=(const RtpSource&) = delete;
  virtual ~RtpSource();

  [[nodiscard]] ProducerKey key() const noexcept { return key_; }
  [[nodiscard]] MediaKind kind() const noexcept { return kind_; }
  [[nodiscard]] std::uint8_t encodings() const noexcept { return encodings_; }
  [[nodiscard]] virtual const ortc::ProducerMapping& mapping() const noexcept = 0;

  /// Consumers are borrowed: each removes itself before it dies.
  void add(RtpConsumer& consumer);
  void remove(RtpConsumer& consumer) noexcept;
  [[nodiscard]] bool has_consumers() const noexcept { return !consumers_.empty(); }
  /// While it is held back its packets reach only the consumers that insist. For the others its return is a beginning:
  /// video waits for a key frame, which is asked for, and no numbers are missing.
  void hold_back(bool held, Instant now) noexcept;
  [[nodiscard]] bool held_back() const noexcept { return held_back_; }
  /// The consumer has begun to insist, or does so no more.
  void insistence_changed(RtpConsumer& consumer, Instant now);

  /// A packet that was delivered a moment ago, to send it again. Kept only while a consumer is here that may ask; none:
  /// it is not known (any more). Borrows the history's bytes: valid until the next packet is delivered.
  /// @param sequence  The producer's.
  [[nodiscard]] std::optional<RoutedPacket> find_packet(std::uint8_t encoding, RtpSequence sequence,
                                                        Instant now) const noexcept;
  /// Of the encoding's numbering in use; none before its first sender report.
  [[nodiscard]] std::optional<SenderClock> sender_clock(std::uint8_t encoding) const noexcept {
    return sender_clocks_[encoding % sender_clocks_.size()];
  }
  /// RoutedPacket::run of the encoding's numbering in use.
  [[nodiscard]] std::uint8_t run_of(std::uint8_t encoding) const noexcept { return runs_[encoding % runs_.size()]; }

  /// What its layers take, ascending; empty while nothing flows. Measured from the first question on.
  [[nodiscard]] std::span<const LayerRate> layer_rates(Instant now);

  /// Every consumer gets the packet, at the end of the worker's batch.
  void deliver(const RoutedPacket& packet, Instant now) noexcept;
  /// Hands packets to the consumers, to each one all of them: what belongs to a consumer is fetched once.
  void hand_out(std::span<const RoutedPacket* const> packets, Instant now) noexcept;
  /// Consumers must begin anew: what comes next does not follow what came before.
  void interrupt() noexcept;

  /// A consumer cannot go on without a key frame of this encoding.
  virtual void request_keyframe(std::uint8_t encoding, Instant now) noexcept = 0;

 protected:
  void set_sender_clock(std::uint8_t encoding, std::optional<SenderClock> clock) noexcept {
    sender_clocks_[encoding % sender_clocks_.size()] = clock;
  }
  /// Another one is a new numbering: packets and clock of the one before mean nothing any more.
  void set_run(std::uint8_t encoding, std::uint8_t run) noexcept;
  /// Gives back what is kept of encodings that have fallen silent. Costs nothing most of the time.
  void release_idle(Instant now) noexcept;
  /// Nothing will be asked for again: a pause.
  void forget_packets() noexcept;
  /// A consumer of this worker gets the packets.
  [[nodiscard]] bool has_takers() const noexcept { return takers_ > 0; }

 private:
  void keep(const RoutedPacket& packet, Instant now) noexcept;
  void measure(const RoutedPacket& packet, Instant now) noexcept;
  void enlist(RtpConsumer& consumer);
  bool strike(RtpConsumer& consumer) noexcept;
  void count_takers() noexcept { takers_ = held_back_ ? insisting_ : consumers_.size(); }

  ProducerKey key_;
  MediaKind kind_;
  std::uint8_t encodings_;
  FanOut& fan_out_;
  std::vector<RtpConsumer*> consumers_;  // those that insist first
  std::size_t insisting_ = 0;
  std::size_t takers_ = 0;  // of consumers_, those that get packets: all, or those that insist
  bool held_back_ = false;
  std::size_t askers_ = 0;                // consumers that may ask for packets again
  std::vector<PacketHistory> histories_;  // by encoding; empty while nobody may ask
  Instant next_release_{};
  std::unique_ptr<LayerRates> rates_;  // null while nobody asks
  std::array<std::optional<SenderClock>, ortc::kMaxEncodings> sender_clocks_{};
  std::array<std::uint8_t, ortc::kMaxEncodings> runs_{};
};

}  // namespace sluice
