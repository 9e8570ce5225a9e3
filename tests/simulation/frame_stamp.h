#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "sluice/time.h"

namespace sluice::simulation {

/// What a simulated sender writes into the coded picture, so that a receiver knows what it got and how late.
struct FrameStamp {
  std::uint8_t layer = 0;
  Instant sent{};

  static constexpr std::size_t kSize = 4 + 1 + 8;
  static constexpr std::uint32_t kMark = 0x5351'c0de;  ///< tells it from anything else
};

/// Writes the last bytes of `payload`, if it is large enough.
inline void write_stamp(MutableBytes payload, const FrameStamp& stamp) noexcept {
  if (payload.size() < FrameStamp::kSize) return;
  const auto sent = static_cast<std::uint64_t>(stamp.sent.time_since_epoch().count());
  ByteWriter out{payload.last(FrameStamp::kSize)};
  out.u32(FrameStamp::kMark);
  out.u8(stamp.layer);
  out.u32(static_cast<std::uint32_t>(sent >> 32));
  out.u32(static_cast<std::uint32_t>(sent));
}

[[nodiscard]] inline std::optional<FrameStamp> read_stamp(Bytes payload) noexcept {
  if (payload.size() < FrameStamp::kSize) return std::nullopt;
  ByteReader in{payload.last(FrameStamp::kSize)};
  if (in.u32() != FrameStamp::kMark) return std::nullopt;
  FrameStamp stamp{.layer = in.u8()};
  const std::uint64_t high = in.u32();
  stamp.sent = Instant{Duration{static_cast<Duration::rep>(high << 32 | in.u32())}};
  return stamp;
}

}  // namespace sluice::simulation
