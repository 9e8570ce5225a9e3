#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sluice {

/// A number that must not be mixed with other numbers.
template <class Tag, class Rep>
class StrongNumber {
 public:
  using rep = Rep;
  constexpr StrongNumber() noexcept = default;
  constexpr explicit StrongNumber(Rep value) noexcept : value_{value} {}
  [[nodiscard]] constexpr Rep value() const noexcept { return value_; }
  friend constexpr auto operator<=>(StrongNumber, StrongNumber) noexcept = default;

 private:
  Rep value_{};
};

/// Synchronisation source, RFC 3550 section 3.
using Ssrc = StrongNumber<struct SsrcTag, std::uint32_t>;
/// RTP payload type, 0 to 127.
using PayloadType = StrongNumber<struct PayloadTypeTag, std::uint8_t>;
/// RTP sequence number, 16 bits. It wraps: compare and add with core's SequenceNumber arithmetic, never with `<`.
using RtpSequence = StrongNumber<struct RtpSequenceTag, std::uint16_t>;
/// RTP timestamp in units of the codec's clock rate. It wraps.
using RtpTimestamp = StrongNumber<struct RtpTimestampTag, std::uint32_t>;

/// What a track carries. The names are those of the browser's MediaStreamTrack.kind.
enum class MediaKind : std::uint8_t { audio, video };

[[nodiscard]] constexpr std::string_view to_string(MediaKind kind) noexcept {
  return kind == MediaKind::audio ? "audio" : "video";
}

}  // namespace sluice

template <class Tag, class Rep>
struct std::hash<sluice::StrongNumber<Tag, Rep>> {
  std::size_t operator()(sluice::StrongNumber<Tag, Rep> number) const noexcept {
    return std::hash<Rep>{}(number.value());
  }
};
