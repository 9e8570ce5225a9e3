#pragma once

#include "core/base/byte_reader.h"

namespace sluice {

/// True for the first packet of a VP9 key frame, RFC 9628 section 4.2: of its lowest spatial layer.
[[nodiscard]] bool vp9_starts_keyframe(Bytes payload) noexcept;

}  // namespace sluice
