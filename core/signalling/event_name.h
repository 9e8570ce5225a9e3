#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace sluice {

inline constexpr std::size_t kMaxEventNameBytes = 128;

/// Names with a meaning of their own in Socket.IO: its client refuses to emit them and could not listen for them.
inline constexpr std::array<std::string_view, 6> kReservedEventNames{
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};

/// 1 to kMaxEventNameBytes bytes, no control characters, none of the reserved names.
[[nodiscard]] constexpr bool is_event_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > kMaxEventNameBytes) return false;
  if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) return false;
  return std::ranges::find(kReservedEventNames, name) == kReservedEventNames.end();
}

}  // namespace sluice
