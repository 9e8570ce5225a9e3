#pragma once

#include "core/base/byte_reader.h"

namespace sluice {

/// True for a packet of RFC 6184 that carries a sequence parameter set or begins an IDR picture's slice: in a single
/// NAL unit packet, in a STAP-A, or in the first packet of an FU-A.
[[nodiscard]] bool h264_starts_keyframe(Bytes payload) noexcept;

}  // namespace sluice
