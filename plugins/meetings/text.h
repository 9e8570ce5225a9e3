#pragma once

#include <string>
#include <string_view>

namespace sluice::meetings {

/// ASCII letters in lower case; for addresses and domains.
[[nodiscard]] std::string lower(std::string_view text);
/// For searching without regard to case: the letters of Latin, Greek and Cyrillic in lower case, the rest as it is.
[[nodiscard]] std::string fold(std::string_view text);
/// `sanitise_text` of every line; the line breaks stay.
[[nodiscard]] std::string sanitise_lines(std::string_view text);
/// A pattern for `LIKE ? ESCAPE '\'` that finds what contains `text`, folded; its `%`, `_` and `\` stand for
/// themselves.
[[nodiscard]] std::string containing(std::string_view text);
/// `somebody@example.com`: one `@`, a domain of letters, digits, `-` and `.`, no blanks; at most 254 bytes.
[[nodiscard]] bool is_email(std::string_view text);
/// What stands behind the `@`, in lower case; empty if there is none.
[[nodiscard]] std::string domain_of(std::string_view email);

}  // namespace sluice::meetings
