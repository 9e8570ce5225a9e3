#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/rtp/stream_label.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

// What stands inside the header extensions that the gateway reads or writes itself. A reader answers none where the
// size or the content is not what the extension's specification says; a writer returns the element's bytes.
namespace sluice {

/// RFC 9143 section 15.
[[nodiscard]] std::optional<Mid> read_mid(Bytes element) noexcept;
/// RFC 8852 sections 4.1 and 4.2: rid and repaired-rid alike.
[[nodiscard]] std::optional<Rid> read_rid(Bytes element) noexcept;

/// The label's bytes as an element's data; borrows the label.
template <class Rules>
[[nodiscard]] Bytes element_data(const StreamLabel<Rules>& label) noexcept {
  const std::string_view text = label.text();
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// RFC 6464 section 3.
struct AudioLevel {
  bool voice = false;             ///< V: the sender believes that somebody speaks
  std::uint8_t minus_dbov = 127;  ///< 0 is the loudest, 127 silence
  friend constexpr bool operator==(AudioLevel, AudioLevel) noexcept = default;
};
[[nodiscard]] std::optional<AudioLevel> read_audio_level(Bytes element) noexcept;
[[nodiscard]] std::array<std::uint8_t, 1> write_audio_level(AudioLevel level) noexcept;

/// The sender's clock in seconds as an unsigned 6.18 fixed point number: 24 bits that wrap every 64 seconds.
struct AbsSendTime {
  std::uint32_t value = 0;
  friend constexpr bool operator==(AbsSendTime, AbsSendTime) noexcept = default;
};
[[nodiscard]] AbsSendTime to_abs_send_time(Instant at) noexcept;
/// From `earlier` to `later`, the shorter way round the 64 seconds; negative when `later` is the earlier one.
[[nodiscard]] std::chrono::microseconds elapsed(AbsSendTime earlier, AbsSendTime later) noexcept;
[[nodiscard]] std::optional<AbsSendTime> read_abs_send_time(Bytes element) noexcept;
[[nodiscard]] std::array<std::uint8_t, 3> write_abs_send_time(AbsSendTime time) noexcept;

/// Numbers all packets of a transport, whatever their stream.
using TransportSequence = StrongNumber<struct TransportSequenceTag, std::uint16_t>;
[[nodiscard]] std::optional<TransportSequence> read_transport_sequence(Bytes element) noexcept;
[[nodiscard]] std::array<std::uint8_t, 2> write_transport_sequence(TransportSequence sequence) noexcept;

/// 3GPP TS 26.114 section 7.4.5: how the receiver is to turn the picture.
struct VideoOrientation {
  bool back_camera = false;            ///< C
  bool flipped = false;                ///< F: mirrored along the horizontal
  std::uint16_t rotation_degrees = 0;  ///< clockwise: 0, 90, 180 or 270
  friend constexpr bool operator==(VideoOrientation, VideoOrientation) noexcept = default;
};
[[nodiscard]] std::optional<VideoOrientation> read_video_orientation(Bytes element) noexcept;
[[nodiscard]] std::array<std::uint8_t, 1> write_video_orientation(VideoOrientation orientation) noexcept;

/// Limits for the receiver's playout buffer, in steps of 10 ms up to 40.95 s.
struct PlayoutDelay {
  std::chrono::milliseconds min{0};
  std::chrono::milliseconds max{0};
  friend constexpr bool operator==(PlayoutDelay, PlayoutDelay) noexcept = default;
};
[[nodiscard]] std::optional<PlayoutDelay> read_playout_delay(Bytes element) noexcept;
/// Rounds down to the 10 ms grid and clamps to what 12 bits hold.
[[nodiscard]] std::array<std::uint8_t, 3> write_playout_delay(PlayoutDelay delay) noexcept;

}  // namespace sluice
