#pragma once

#include "core/base/byte_reader.h"

namespace sluice {

/// Long enough for the mandatory fields: AV1 RTP payload specification, appendix A.8.2.
[[nodiscard]] constexpr bool is_dependency_descriptor(Bytes element) noexcept { return element.size() >= 3; }

// AV1 RTP payload specification, appendix A.8.2:
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |S|E| template  |         frame number          |T| ...
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// S: first packet of a frame. T, there when the element is longer than 3 octets: a template dependency structure
// follows, which the first packet of each coded video sequence carries, and so each key frame.
[[nodiscard]] constexpr bool starts_coded_video_sequence(Bytes element) noexcept {
  return element.size() > 3 && (element[0] & 0x80) != 0 && (element[3] & 0x80) != 0;
}

}  // namespace sluice
