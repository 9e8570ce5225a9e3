#include "core/media/bwe/remb_reader.h"

#include <cstdint>

namespace sluice {

namespace {

constexpr std::uint32_t kName = 0x52454d42;  // "REMB"
constexpr std::int64_t kMaxBps = 1'000'000'000'000;

}  // namespace

//  |  'R'          |  'E'          |  'M'          |  'B'          |
//  |  Num SSRC     | BR Exp (6)|        BR Mantissa (18)           |
//  |   SSRC feedback  ...                                          |
std::optional<DataRate> read_remb(Bytes fci) noexcept {
  ByteReader in{fci};
  const std::uint32_t name = in.u32();
  const std::uint8_t sources = in.u8();
  const std::uint32_t packed = in.u24();
  in.skip(std::size_t{sources} * 4);
  if (in.failed() || name != kName) return std::nullopt;

  const std::uint32_t exponent = packed >> 18;
  const std::int64_t mantissa = packed & 0x3ffff;
  // Compared before it is shifted: 63 places would overflow.
  if (mantissa > (exponent < 40 ? kMaxBps >> exponent : 0)) return DataRate::bps(kMaxBps);
  return DataRate::bps(exponent < 40 ? mantissa << exponent : 0);
}

}  // namespace sluice
