#include "core/media/rtp/header_extension_values.h"

#include <algorithm>

namespace sluice {
namespace {

constexpr std::uint32_t kAbsSendTimeMask = 0xff'ffff;
constexpr int kAbsSendTimeFractionBits = 18;
constexpr std::chrono::milliseconds kPlayoutDelayStep{10};
constexpr std::chrono::milliseconds kMaxPlayoutDelay{10 * 0xfff};

std::string_view as_text(Bytes element) noexcept {
  return {reinterpret_cast<const char*>(element.data()), element.size()};
}

constexpr std::array<std::uint8_t, 3> as_u24(std::uint32_t value) noexcept {
  return {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
          static_cast<std::uint8_t>(value)};
}

std::uint32_t playout_steps(std::chrono::milliseconds delay) noexcept {
  const auto clamped = std::clamp(delay, std::chrono::milliseconds::zero(), kMaxPlayoutDelay);
  return static_cast<std::uint32_t>(clamped / kPlayoutDelayStep);
}

}  // namespace

std::optional<Mid> read_mid(Bytes element) noexcept { return Mid::from(as_text(element)); }

std::optional<Rid> read_rid(Bytes element) noexcept { return Rid::from(as_text(element)); }

// RFC 6464 section 3:
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |V| level       |
//  +-+-+-+-+-+-+-+-+
std::optional<AudioLevel> read_audio_level(Bytes element) noexcept {
  // In the two-byte form the element may be followed by a zero octet of padding, section 3.
  if (element.empty() || element.size() > 2) return std::nullopt;
  return AudioLevel{.voice = (element[0] & 0x80) != 0, .minus_dbov = static_cast<std::uint8_t>(element[0] & 0x7f)};
}

std::array<std::uint8_t, 1> write_audio_level(AudioLevel level) noexcept {
  return {static_cast<std::uint8_t>((level.voice ? 0x80 : 0) | std::min<int>(level.minus_dbov, 0x7f))};
}

AbsSendTime to_abs_send_time(Instant at) noexcept {
  const auto since_epoch = at.time_since_epoch();
  const auto whole = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch - whole).count();
  const auto fraction = (static_cast<std::uint64_t>(nanoseconds) << kAbsSendTimeFractionBits) / 1'000'000'000;
  const auto seconds = static_cast<std::uint64_t>(whole.count()) << kAbsSendTimeFractionBits;
  return AbsSendTime{static_cast<std::uint32_t>((seconds | fraction) & kAbsSendTimeMask)};
}

std::chrono::microseconds elapsed(AbsSendTime earlier, AbsSendTime later) noexcept {
  constexpr std::int64_t kWrap = kAbsSendTimeMask + std::int64_t{1};
  std::int64_t steps = (later.value - earlier.value) & kAbsSendTimeMask;
  if (steps >= kWrap / 2) steps -= kWrap;
  return std::chrono::microseconds{steps * 1'000'000 / (1 << kAbsSendTimeFractionBits)};
}

std::optional<AbsSendTime> read_abs_send_time(Bytes element) noexcept {
  if (element.size() != 3) return std::nullopt;
  return AbsSendTime{ByteReader{element}.u24()};
}

std::array<std::uint8_t, 3> write_abs_send_time(AbsSendTime time) noexcept { return as_u24(time.value); }

std::optional<TransportSequence> read_transport_sequence(Bytes element) noexcept {
  // Version 2 of the extension appends two octets of feedback request; the number is the same.
  if (element.size() != 2 && element.size() != 4) return std::nullopt;
  return TransportSequence{ByteReader{element}.u16()};
}

std::array<std::uint8_t, 2> write_transport_sequence(TransportSequence sequence) noexcept {
  return {static_cast<std::uint8_t>(sequence.value() >> 8), static_cast<std::uint8_t>(sequence.value())};
}

// 3GPP TS 26.114 section 7.4.5, the version of 2 bits rotation. R counts quarter turns that the picture was rotated
// counter-clockwise in the sender, so the receiver turns it clockwise by as many.
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  |0 0 0 0|C|F| R |
//  +-+-+-+-+-+-+-+-+
std::optional<VideoOrientation> read_video_orientation(Bytes element) noexcept {
  if (element.size() != 1) return std::nullopt;
  return VideoOrientation{.back_camera = (element[0] & 0x08) != 0,
                          .flipped = (element[0] & 0x04) != 0,
                          .rotation_degrees = static_cast<std::uint16_t>((element[0] & 0x03) * 90)};
}

std::array<std::uint8_t, 1> write_video_orientation(VideoOrientation orientation) noexcept {
  const int quarter_turns = orientation.rotation_degrees / 90 % 4;
  return {static_cast<std::uint8_t>((orientation.back_camera ? 0x08 : 0) | (orientation.flipped ? 0x04 : 0) |
                                    quarter_turns)};
}

//   0                   1                   2
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |       MIN delay       |       MAX delay       |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
std::optional<PlayoutDelay> read_playout_delay(Bytes element) noexcept {
  if (element.size() != 3) return std::nullopt;
  const std::uint32_t both = ByteReader{element}.u24();
  const PlayoutDelay delay{.min = kPlayoutDelayStep * (both >> 12), .max = kPlayoutDelayStep * (both & 0xfff)};
  if (delay.min > delay.max) return std::nullopt;
  return delay;
}

std::array<std::uint8_t, 3> write_playout_delay(PlayoutDelay delay) noexcept {
  return as_u24(playout_steps(delay.min) << 12 | playout_steps(delay.max));
}

}  // namespace sluice
