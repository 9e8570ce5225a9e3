#pragma once

#include <cstddef>
#include <cstdint>

#include "byte_reader.h"

namespace sluice::media {

/// Reads bits, the highest of each byte first. As ByteReader: a read past the end yields 0 and marks it failed.
class BitReader {
 public:
  constexpr explicit BitReader(Bytes data) noexcept : data_{data} {}

  /// @param count  at most 32.
  constexpr std::uint32_t bits(std::size_t count) noexcept {
    std::uint32_t value = 0;
    for (; count > 0; --count) value = value << 1 | next();
    return value;
  }
  constexpr bool flag() noexcept { return next() != 0; }
  constexpr void skip(std::size_t count) noexcept {
    for (; count > 0; --count) next();
  }

  /// ue(v), ITU-T H.264 section 9.1; AV1's uvlc() is the same code.
  constexpr std::uint32_t exp_golomb() noexcept {
    std::size_t zeros = 0;
    while (!failed_ && next() == 0) ++zeros;
    if (zeros > kMaxZeros) failed_ = true;
    return failed_ ? 0 : (std::uint32_t{1} << zeros) - 1 + bits(zeros);
  }
  /// se(v), section 9.1.1.
  constexpr std::int32_t signed_exp_golomb() noexcept {
    const std::int64_t code = exp_golomb();
    return static_cast<std::int32_t>(code % 2 == 0 ? -(code / 2) : (code + 1) / 2);
  }

  [[nodiscard]] constexpr bool failed() const noexcept { return failed_; }

 private:
  static constexpr std::size_t kMaxZeros = 31;  ///< longer codes do not fit 32 bits

  constexpr std::uint32_t next() noexcept {
    if (at_ / 8 >= data_.size()) {
      failed_ = true;
      return 0;
    }
    const std::uint32_t bit = data_[at_ / 8] >> (7 - at_ % 8) & 1U;
    ++at_;
    return bit;
  }

  Bytes data_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace sluice::media
