#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/byte_reader.h"

namespace sluice {

/// Reads fields of bits, the highest bit of an octet first. A read past the end yields 0 and marks the reader failed;
/// it stays failed.
class BitReader {
 public:
  constexpr explicit BitReader(Bytes data) noexcept : data_{data} {}

  /// f(n) of the AV1 specification, section 4.10.2; at most 32 bits.
  constexpr std::uint32_t bits(std::size_t count) noexcept {
    if (failed_ || count > data_.size() * 8 - position_) {
      failed_ = true;
      return 0;
    }
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i, ++position_) {
      value = value << 1 | (data_[position_ / 8] >> (7 - position_ % 8) & 1U);
    }
    return value;
  }
  constexpr bool flag() noexcept { return bits(1) != 0; }
  constexpr std::uint8_t octet(std::size_t count) noexcept { return static_cast<std::uint8_t>(bits(count)); }

  /// ns(n), section 4.10.7: a number below `limit`, the smaller ones a bit shorter. `limit` is at least 1.
  constexpr std::uint32_t below(std::uint32_t limit) noexcept {
    std::uint32_t width = 0;
    for (std::uint32_t rest = limit; rest != 0; rest >>= 1) ++width;
    const std::uint32_t shorter = (1U << width) - limit;  // so many have one bit less
    const std::uint32_t value = bits(width - 1);
    return value < shorter ? value : (value << 1) - shorter + bits(1);
  }

  [[nodiscard]] constexpr bool failed() const noexcept { return failed_; }

 private:
  Bytes data_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

}  // namespace sluice
