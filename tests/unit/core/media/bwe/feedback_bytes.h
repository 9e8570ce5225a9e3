#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "core/base/byte_writer.h"

namespace sluice::testing {

/// Transport-wide feedback by hand: what a browser's message looks like, field by field.
struct FeedbackBytes {
  std::uint16_t base = 0;
  std::uint16_t count = 0;
  std::uint32_t reference = 0;
  std::uint8_t message = 0;
  std::vector<std::uint16_t> chunks{};
  std::vector<std::uint8_t> deltas{};

  [[nodiscard]] std::vector<std::uint8_t> bytes() const {
    std::vector<std::uint8_t> buffer(8 + chunks.size() * 2 + deltas.size());
    ByteWriter out{buffer};
    out.u16(base);
    out.u16(count);
    out.u24(reference);
    out.u8(message);
    for (const std::uint16_t chunk : chunks) out.u16(chunk);
    for (const std::uint8_t delta : deltas) out.u8(delta);
    return buffer;
  }
};

/// All packets from `base` on arrived, 250 us apart.
inline std::vector<std::uint8_t> all_arrived(std::uint16_t base, std::uint16_t count, std::uint32_t reference,
                                             std::uint8_t message) {
  return FeedbackBytes{.base = base,
                       .count = count,
                       .reference = reference,
                       .message = message,
                       .chunks = {static_cast<std::uint16_t>(0x2000 | count)},
                       .deltas = std::vector<std::uint8_t>(count, 1)}
      .bytes();
}

}  // namespace sluice::testing
