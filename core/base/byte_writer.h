#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/byte_reader.h"

namespace sluice {

/// Writes network byte order into a caller's buffer. A write past the end writes nothing and marks the writer failed.
class ByteWriter {
 public:
  constexpr explicit ByteWriter(MutableBytes buffer) noexcept : buffer_{buffer} {}

  constexpr void u8(std::uint8_t value) noexcept { number(value, 1); }
  constexpr void u16(std::uint16_t value) noexcept { number(value, 2); }
  constexpr void u24(std::uint32_t value) noexcept { number(value, 3); }
  constexpr void u32(std::uint32_t value) noexcept { number(value, 4); }
  constexpr void u64(std::uint64_t value) noexcept { number(value, 8); }
  constexpr void bytes(Bytes source) noexcept {
    const MutableBytes target = take(source.size());
    std::copy(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(target.size()), target.begin());
  }
  constexpr void zeros(std::size_t count) noexcept {
    for (std::uint8_t& byte : take(count)) byte = 0;
  }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr MutableBytes written() const noexcept { return buffer_.first(size_); }
  [[nodiscard]] constexpr std::size_t remaining() const noexcept { return failed_ ? 0 : buffer_.size() - size_; }
  [[nodiscard]] constexpr bool failed() const noexcept { return failed_; }

 private:
  constexpr MutableBytes take(std::size_t count) noexcept {
    if (failed_ || count > buffer_.size() - size_) {
      failed_ = true;
      return {};
    }
    const MutableBytes taken = buffer_.subspan(size_, count);
    size_ += count;
    return taken;
  }
  constexpr void number(std::uint64_t value, std::size_t width) noexcept {
    std::size_t shift = width * 8;
    for (std::uint8_t& byte : take(width)) byte = static_cast<std::uint8_t>(value >> (shift -= 8));
  }

  MutableBytes buffer_;
  std::size_t size_ = 0;
  bool failed_ = false;
};

}  // namespace sluice
