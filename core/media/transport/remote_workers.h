#pragma once

#include "core/media/transport/media_keys.h"
#include "core/media/transport/routed_packet.h"

namespace sluice {

/// The other workers, as the media parts of one worker see them.
class RemoteWorkers {
 public:
  virtual ~RemoteWorkers() = default;
  /// Copies the packet into the queue of `worker`, whose mirror of the producer fans it out. A full queue drops it.
  virtual void send_packet(WorkerIndex worker, ProducerKey producer, const RoutedPacket& packet) noexcept = 0;
  /// Asks the producer's own worker for a key frame.
  virtual void request_keyframe(WorkerIndex worker, ProducerKey producer, std::uint8_t encoding) noexcept = 0;
};

}  // namespace sluice
