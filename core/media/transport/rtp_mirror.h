#pragma once

#include <array>
#include <chrono>
#include <optional>

#include "core/media/ortc/limits.h"
#include "core/media/ortc/mapping.h"
#include "core/media/transport/remote_workers.h"
#include "core/media/transport/rtp_source.h"

namespace sluice {

/// A producer of another worker, for the consumers of this one. @note Worker thread only.
class RtpMirror final : public RtpSource {
 public:
  struct Spec {
    ProducerKey key;
    MediaKind kind = MediaKind::audio;
    WorkerIndex home;  ///< where the producer is
    ortc::ProducerMapping mapping;
    bool paused = false;
  };

  RtpMirror(const Spec& spec, FanOut& fan_out, RemoteWorkers& workers)
      : RtpSource{spec.key, spec.kind, static_cast<std::uint8_t>(spec.mapping.encodings.size()), fan_out},
        spec_{spec},
        workers_{workers} {}

  [[nodiscard]] const ortc::ProducerMapping& mapping() const noexcept override { return spec_.mapping; }

  /// A packet came over from the producer's worker: fills in the extensions, which do not travel, and fans it out.
  void handle(RoutedPacket packet, Instant now) noexcept {
    if (spec_.paused) return;  // it was in the queue between the workers when the pause began
    if (packet.layers.keyframe)
      last_request_[packet.encoding % last_request_.size()].reset();  // the request is answered
    set_run(packet.encoding, packet.run);
    set_sender_clock(packet.encoding, packet.sender_clock);
    packet.take_extensions(spec_.mapping);
    deliver(packet, now);
  }

  void set_paused(bool paused) noexcept {
    if (spec_.paused == paused) return;
    spec_.paused = paused;
    if (paused) forget_packets();
    interrupt();
  }

  /// Asks once in kRequestInterval until a key frame comes: the producer merges requests and repeats them by itself,
  /// but each one is a message between threads.
  void request_keyframe(std::uint8_t encoding, Instant now) noexcept override {
    if (held_back() && !has_takers()) return;  // nobody would get it
    std::optional<Instant>& last = last_request_[encoding % last_request_.size()];
    if (last && now - *last < kRequestInterval) return;
    last = now;
    workers_.request_keyframe(spec_.home, key(), encoding);
  }

 private:
  static constexpr Duration kRequestInterval = std::chrono::milliseconds{50};

  Spec spec_;
  RemoteWorkers& workers_;
  std::array<std::optional<Instant>, ortc::kMaxEncodings> last_request_{};
};

}  // namespace sluice
