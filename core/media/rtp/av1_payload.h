#pragma once

#include "core/base/byte_reader.h"

namespace sluice {

// AV1 RTP payload specification, section 4.4, the aggregation header:
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |Z|Y| W |N|-|-|-|
//  +-+-+-+-+-+-+-+-+
// N: first packet of a coded video sequence, which begins with a key frame. Z: continues an OBU of the packet before;
// with N set it must be 0.
[[nodiscard]] constexpr bool av1_starts_keyframe(Bytes payload) noexcept {
  return payload.size() > 1 && (payload[0] & 0x88) == 0x08;
}

}  // namespace sluice
