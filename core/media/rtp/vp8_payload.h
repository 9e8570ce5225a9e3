#pragma once

#include "core/base/byte_reader.h"

namespace sluice {

/// True for the first packet of a VP8 key frame, RFC 7741 section 4.
[[nodiscard]] bool vp8_starts_keyframe(Bytes payload) noexcept;

}  // namespace sluice
