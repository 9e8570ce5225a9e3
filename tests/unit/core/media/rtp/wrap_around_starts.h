#pragma once

#include <array>
#include <cstdint>

namespace sluice::test {

/// Where sequence tests begin, so that the wrap and both halves of the circle are always crossed.
inline constexpr std::array<std::uint16_t, 16> kWrapAroundStarts{
    0, 1, 2, 3, 32765, 32766, 32767, 32768, 32769, 32770, 65530, 65531, 65532, 65533, 65534, 65535};

}  // namespace sluice::test
