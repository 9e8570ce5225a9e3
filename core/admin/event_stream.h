#pragma once

#include <string>
#include <string_view>

namespace sluice::admin {

/// Of a stream of server-sent events (WHATWG HTML, section 9.2).
inline constexpr std::string_view kEventStreamType = "text/event-stream";

/// A line that clients skip: shows that the connection lives.
inline constexpr std::string_view kEventStreamComment = ":\n\n";

/// One event. @param name  One line. @param data  Any text; each of its lines gets a `data:` of its own.
[[nodiscard]] std::string server_sent_event(std::string_view name, std::string_view data);

}  // namespace sluice::admin
