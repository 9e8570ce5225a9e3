#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "sluice/media_types.h"

namespace sluice {

/// Remembers which of the last `kSize` sequence numbers arrived, to tell a late packet from a duplicate.
///
/// One bit for each number, at its value modulo kSize; kSize divides 65536, so that wrapping leaves no seam.
template <std::size_t kSize>
class SequenceHistory {
  static_assert(kSize % 64 == 0 && 65536 % kSize == 0);

 public:
  [[nodiscard]] constexpr bool contains(RtpSequence sequence) const noexcept {
    return (words_[word(sequence)] & bit(sequence)) != 0;
  }
  constexpr void insert(RtpSequence sequence) noexcept { words_[word(sequence)] |= bit(sequence); }
  /// Forgets what `sequence` and the `count - 1` numbers after it replace: the newest moved on over them.
  constexpr void forget(RtpSequence sequence, std::size_t count) noexcept {
    if (count >= kSize) return clear();
    for (std::size_t i = 0; i < count; ++i) {
      const RtpSequence passed{static_cast<std::uint16_t>(sequence.value() + i)};
      words_[word(passed)] &= ~bit(passed);
    }
  }
  constexpr void clear() noexcept { words_.fill(0); }

 private:
  static constexpr std::size_t word(RtpSequence sequence) noexcept { return sequence.value() % kSize / 64; }
  static constexpr std::uint64_t bit(RtpSequence sequence) noexcept {
    return std::uint64_t{1} << (sequence.value() % 64);
  }

  std::array<std::uint64_t, kSize / 64> words_{};
};

}  // namespace sluice
