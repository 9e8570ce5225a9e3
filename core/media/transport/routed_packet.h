#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/media/layers/packet_layers.h"
#include "core/media/ortc/mapping.h"
#include "core/media/rtp/extension_block.h"
#include "core/media/rtp/rtp_packet.h"
#include "core/media/rtp/sender_clock.h"

namespace sluice {

/// A producer's packet on its way to the consumers: the producer's bytes, what has been found out about them, and the
/// extensions in the router's numbering. Borrows the bytes.
struct RoutedPacket {
  static constexpr std::size_t kMaxExtensions = 16;

  RtpPacketView rtp;
  std::uint8_t encoding = 0;      ///< index into the producer's encodings
  std::uint8_t payload_type = 0;  ///< the router's
  std::uint32_t clock_rate = 0;   ///< Hz
  PacketLayers layers{};          ///< of video
  std::uint8_t run = 0;           ///< counts, modulo 256, how often the sender of this encoding began a new numbering
  std::optional<SenderClock> sender_clock{};  ///< of the encoding, as last heard
  std::uint8_t padding = 0;  ///< RTP padding that makes it as long as its neighbours, see equalise_sizes()
  std::array<ExtensionElement, kMaxExtensions> extension_storage{};
  std::size_t extension_count = 0;

  [[nodiscard]] std::span<const ExtensionElement> extensions() const noexcept {
    return {extension_storage.data(), extension_count};
  }
  /// Copies the packet's extension elements under the router's ids; those that were not negotiated are left out.
  void take_extensions(const ortc::ProducerMapping& mapping) noexcept {
    for (const ExtensionElement& element : rtp.extensions()) {
      const std::uint8_t id = mapping.extensions[element.id];
      if (id == ortc::kNoExtension || extension_count == kMaxExtensions) continue;
      extension_storage[extension_count++] = {.id = id, .data = element.data};
    }
  }
};

}  // namespace sluice
