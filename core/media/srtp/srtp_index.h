#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sluice {

/// Packets behind the newest that are still told apart from replays, RFC 3711 section 3.3.2. A second of 8 Mbit/s
/// video.
inline constexpr std::uint64_t kSrtpReplayWindow = 1024;
/// What one key may protect, RFC 3711 section 9.2: packets of SRTP, and of SRTCP.
inline constexpr std::uint64_t kMaxSrtpIndex = (std::uint64_t{1} << 48) - 1;
inline constexpr std::uint64_t kMaxSrtcpIndex = (std::uint64_t{1} << 31) - 1;

enum class IndexVerdict : std::uint8_t { fresh, seen, too_old };

/// Which packet indices of one stream have been used: the newest, and a window behind it.
class SrtpIndexWindow {
 public:
  [[nodiscard]] std::optional<std::uint64_t> newest() const noexcept {
    return started_ ? std::optional{newest_} : std::nullopt;
  }

  [[nodiscard]] IndexVerdict look_up(std::uint64_t index) const noexcept {
    if (!started_ || index > newest_) return IndexVerdict::fresh;
    if (newest_ - index >= kSrtpReplayWindow) return IndexVerdict::too_old;
    return (word(index) & bit(index)) == 0 ? IndexVerdict::fresh : IndexVerdict::seen;
  }

  /// An index that look_up() calls fresh.
  void add(std::uint64_t index) noexcept {
    if (!started_ || index > newest_) advance(index);
    word(index) |= bit(index);
  }

 private:
  static constexpr std::size_t kBits = 64;
  static constexpr std::size_t kWords = kSrtpReplayWindow / kBits;

  [[nodiscard]] std::uint64_t& word(std::uint64_t index) noexcept { return seen_[index / kBits % kWords]; }
  [[nodiscard]] const std::uint64_t& word(std::uint64_t index) const noexcept { return seen_[index / kBits % kWords]; }
  [[nodiscard]] static constexpr std::uint64_t bit(std::uint64_t index) noexcept {
    return std::uint64_t{1} << index % kBits;
  }

  // The ring's places of the indices that are passed over held those of a window ago.
  void advance(std::uint64_t index) noexcept {
    if (!started_ || index - newest_ >= kSrtpReplayWindow) {
      seen_ = {};
    } else {
      for (std::uint64_t passed = newest_ + 1; passed <= index; ++passed) word(passed) &= ~bit(passed);
    }
    newest_ = index;
    started_ = true;
  }

  std::uint64_t newest_ = 0;
  bool started_ = false;
  std::array<std::uint64_t, kWords> seen_{};  // by index, modulo the window
};

/// The 48-bit index of a packet, roll-over counter and sequence number, that is nearest to the newest one; RFC 3711
/// section 3.3.1. None: it would lie before the first roll-over, or behind the last.
[[nodiscard]] inline std::optional<std::uint64_t> estimate_srtp_index(std::optional<std::uint64_t> newest,
                                                                      std::uint16_t sequence) noexcept {
  if (!newest) return sequence;
  const auto ahead = static_cast<std::int16_t>(sequence - static_cast<std::uint16_t>(*newest));
  const std::int64_t index = static_cast<std::int64_t>(*newest) + ahead;
  if (index < 0 || index > static_cast<std::int64_t>(kMaxSrtpIndex)) return std::nullopt;
  return static_cast<std::uint64_t>(index);
}

}  // namespace sluice
