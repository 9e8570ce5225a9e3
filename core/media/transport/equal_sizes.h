#pragma once

#include <span>

#include "core/media/transport/routed_packet.h"

namespace sluice {

/// Padding that is worth less than a message of one's own.
inline constexpr std::size_t kMaxEqualisingPadding = 24;

/// Gives packets of one frame that are nearly equal (senders split a frame to within an octet) RTP padding, RFC 3550
/// section 5.1, that makes them equal: only then do they leave as one message by UDP segmentation offload, whose
/// segments are of one size but for a shorter last one.
/// @param packets  Of one source, in their order.
void equalise_sizes(std::span<RoutedPacket* const> packets) noexcept;

}  // namespace sluice
