#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice::media {

using Bytes = std::span<const std::uint8_t>;

/// Reads network byte order from a bounded span. A read past the end yields 0 (or an empty span) and marks the reader
/// failed; it stays failed, so a parser checks once after a group of reads.
class ByteReader {
 public:
  constexpr explicit ByteReader(Bytes data) noexcept : data_{data} {}

  constexpr std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(number(1)); }
  constexpr std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(number(2)); }
  constexpr std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(number(4)); }

  constexpr Bytes bytes(std::size_t count) noexcept {
    if (failed_ || count > data_.size()) {
      failed_ = true;
      return {};
    }
    const Bytes taken = data_.first(count);
    data_ = data_.subspan(count);
    return taken;
  }
  constexpr void skip(std::size_t count) noexcept { static_cast<void>(bytes(count)); }

  [[nodiscard]] constexpr Bytes rest() const noexcept { return failed_ ? Bytes{} : data_; }
  [[nodiscard]] constexpr std::size_t remaining() const noexcept { return failed_ ? 0 : data_.size(); }
  [[nodiscard]] constexpr bool failed() const noexcept { return failed_; }

 private:
  constexpr std::uint64_t number(std::size_t width) noexcept {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes(width)) value = value << 8 | byte;
    return value;
  }

  Bytes data_;
  bool failed_ = false;
};

}  // namespace sluice::media
