#pragma once

#include <cstdint>

namespace sluice {

/// The video codecs whose payload the gateway understands, as far as it must to route them.
enum class VideoCodec : std::uint8_t { vp8, vp9, h264, av1 };

}  // namespace sluice
