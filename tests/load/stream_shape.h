#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::load {

/// How a stream's packets leave: `100x1100/25` is 100 packets a second of 1100 bytes of RTP payload each, in 25 bursts,
/// which are a video's frames. Without `/` each packet is a burst of its own, as audio is.
struct StreamShape {
  std::uint32_t packets_per_second = 0;
  std::size_t payload_size = 0;
  std::uint32_t bursts_per_second = 0;

  /// Packets of burst `index` (from 0), spread evenly where the rates do not divide.
  [[nodiscard]] std::uint32_t packets_in_burst(std::uint64_t index) const noexcept;
  friend bool operator==(const StreamShape&, const StreamShape&) = default;
};

inline constexpr std::size_t kMinPayload = 48;    ///< payload header and stamp, test_payload.h
inline constexpr std::size_t kMaxPayload = 1200;  ///< fits an Ethernet frame with all headers

/// Nothing where the text is no shape, or one that cannot be sent.
[[nodiscard]] std::optional<StreamShape> parse_shape(std::string_view text) noexcept;
[[nodiscard]] std::string to_string(const StreamShape& shape);

}  // namespace sluice::load
