#pragma once

#include <span>
#include <string>

namespace sluice::media {

/// Somebody else's words for people to read: one line of printable ASCII, no longer than `most`, with `****` where a
/// secret stood, also one that was cut off at the end.
[[nodiscard]] std::string scrubbed(std::string text, std::span<const std::string> secrets, std::size_t most);

}  // namespace sluice::media
