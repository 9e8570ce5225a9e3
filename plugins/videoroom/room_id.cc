#include "room_id.h"

#include <algorithm>

namespace sluice::videoroom {

bool is_room_id(std::string_view text) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  if (text.empty() || text.size() > kMaxRoomIdBytes || text == "." || text == "..") return false;
  return std::ranges::all_of(text, allowed);
}

}  // namespace sluice::videoroom
