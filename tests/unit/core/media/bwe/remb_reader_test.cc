#include "core/media/bwe/remb_reader.h"

#include <doctest/doctest.h>

#include <array>

namespace sluice {
namespace {

using Fci = std::array<std::uint8_t, 12>;

/// One SSRC; exponent and mantissa as in the draft.
Fci remb(std::uint8_t exponent, std::uint32_t mantissa) {
  const std::uint32_t packed = std::uint32_t{exponent} << 18 | mantissa;
  return {'R',
          'E',
          'M',
          'B',
          1,
          static_cast<std::uint8_t>(packed >> 16),
          static_cast<std::uint8_t>(packed >> 8),
          static_cast<std::uint8_t>(packed),
          0,
          0,
          0,
          9};
}

}  // namespace

TEST_CASE("REMB is a mantissa and an exponent of two") {
  CHECK(read_remb(remb(0, 262'143)) == DataRate::bps(262'143));
  CHECK(read_remb(remb(3, 156'250)) == DataRate::bps(1'250'000));
  CHECK(read_remb(remb(0, 0)) == DataRate{});
}

TEST_CASE("a REMB beyond any network is cut instead of wrapping") {
  CHECK(read_remb(remb(63, 0x3ffff)) == DataRate::bps(1'000'000'000'000));
  CHECK(read_remb(remb(63, 0)) == DataRate{});
  CHECK(read_remb(remb(39, 2)) == DataRate::bps(1'000'000'000'000));
  CHECK(read_remb(remb(39, 1)) == DataRate::bps(549'755'813'888));
}

TEST_CASE("a REMB that is cut off or has another name is none") {
  Fci fci = remb(0, 1000);
  CHECK_FALSE(read_remb(Bytes{fci}.first(7)).has_value());
  CHECK_FALSE(read_remb(Bytes{fci}.first(11)).has_value());
  CHECK_FALSE(read_remb({}).has_value());
  fci[4] = 2;  // promises another SSRC
  CHECK_FALSE(read_remb(fci).has_value());
  fci = remb(0, 1000);
  fci[0] = 'r';
  CHECK_FALSE(read_remb(fci).has_value());
}

}  // namespace sluice
