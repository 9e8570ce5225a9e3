#pragma once

#include <cstdint>
#include <span>
#include <vector>

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

  /// Consumers are borrowed: each removes itself before it dies.
  void add(RtpConsumer& consumer);
  void remove(RtpConsumer& consumer) noexcept;
  [[nodiscard]] bool has_consumers() const noexcept { return !consumers_.empty(); }

  /// Every consumer gets the packet, at the end of the worker's batch.
  void deliver(const RoutedPacket& packet, Instant now) noexcept;
  /// Hands packets to the consumers, to each one all of them: what belongs to a consumer is fetched once.
  void hand_out(std::span<const RoutedPacket* const> packets, Instant now) noexcept;
  /// Consumers must begin anew: what comes next does not follow what came before.
  void interrupt() noexcept;

  /// A consumer cannot go on without a key frame of this encoding.
  virtual void request_keyframe(std::uint8_t encoding, Instant now) noexcept = 0;

 private:
  ProducerKey key_;
  MediaKind kind_;
  std::uint8_t encodings_;
  FanOut& fan_out_;
  std::vector<RtpConsumer*> consumers_;
};

}  // namespace sluice
