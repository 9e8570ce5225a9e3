#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace sluice::videoroom {

inline constexpr std::size_t kMaxRoomIdBytes = 64;

/// 1 to 64 letters, digits, `-`, `_`, `.`: what may stand in a URL, a file name and a log line as it is. Not `.` and
/// not `..`, which mean something else in a path.
[[nodiscard]] bool is_room_id(std::string_view text) noexcept;

/// Which room: two tenants may each have one of the same id, and never see the other's.
struct RoomKey {
  std::string tenant;
  std::string id;
  friend auto operator<=>(const RoomKey&, const RoomKey&) = default;
};

}  // namespace sluice::videoroom
