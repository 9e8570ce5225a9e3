#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Names and titles as they may be drawn; they come from the network.
namespace sluice::media {

inline constexpr std::size_t kMaxLineLength = 128;  ///< code points

/// One line of what can be seen: control characters are spaces, runs of spaces are one; what turns the direction of
/// writing, joins or is invisible is left out, as are accents beyond two on one letter. Octets that are not UTF-8 are
/// U+FFFD. What is longer is cut.
[[nodiscard]] std::u32string clean_line(std::string_view utf8);
[[nodiscard]] std::string to_utf8(std::u32string_view text);
/// The first letters or digits of the first and of the last word, in capitals; may be empty.
[[nodiscard]] std::u32string initials_of(std::u32string_view line);

}  // namespace sluice::media
