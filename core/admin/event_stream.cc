#include "core/admin/event_stream.h"

#include <algorithm>

namespace sluice::admin {

std::string server_sent_event(std::string_view name, std::string_view data) {
  std::string event;
  event.reserve(name.size() + data.size() + 32);
  event.append("event: ").append(name).append("\n");
  while (true) {
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    event.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == data.size()) break;
    const bool both = data.substr(end).starts_with("\r\n");  // one line's end
    data.remove_prefix(end + (both ? 2 : 1));
  }
  return event.append("\n");
}

}  // namespace sluice::admin
