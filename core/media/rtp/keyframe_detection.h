#pragma once

#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/rtp/video_codec.h"

namespace sluice {

/// True for a packet with which a decoder can start: the first of a key frame.
///
/// @param payload                RTP payload without padding.
/// @param dependency_descriptor  The packet's element of that extension. Where it is present it decides alone: the
///                               payload may then be encrypted end to end.
[[nodiscard]] bool is_keyframe(VideoCodec codec, Bytes payload, std::optional<Bytes> dependency_descriptor) noexcept;

}  // namespace sluice
