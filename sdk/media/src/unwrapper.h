#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace sluice::media {

/// Follows a number that wraps (16 bits of sequence, 32 of timestamp) and says where each value stands on a line that
/// does not. The line starts at the first value as it is; what came before that wraps below zero.
///
/// Every value is taken to be the one nearest to the newest seen.
template <std::unsigned_integral Number>
class Unwrapper {
 public:
  constexpr std::int64_t unwrap(Number number) noexcept {
    const std::int64_t position = peek(number);
    if (!newest_ || position > *newest_) newest_ = position;
    return position;
  }
  /// Goes on from there.
  constexpr void jump_to(std::int64_t position) noexcept { newest_ = position; }
  /// As unwrap(), but without moving.
  [[nodiscard]] constexpr std::int64_t peek(Number number) const noexcept {
    if (!newest_) return number;
    const auto ahead = static_cast<Number>(number - static_cast<Number>(*newest_));
    return *newest_ + static_cast<std::make_signed_t<Number>>(ahead);
  }
  [[nodiscard]] constexpr std::optional<std::int64_t> newest() const noexcept { return newest_; }

 private:
  std::optional<std::int64_t> newest_;
};

}  // namespace sluice::media
