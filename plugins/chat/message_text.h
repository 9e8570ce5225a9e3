#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What people write, made fit to be stored and shown. Nothing here is markup: who shows a text in a page escapes it.
namespace sluice::chat {

/// `text` with its line breaks and tabs, without other control characters and without the characters that turn the
/// direction of what follows them (embeddings, overrides, isolates); marks of direction and joiners stay, as Arabic,
/// Hebrew and emoji need them. Line breaks of all kinds become `\n`, broken UTF-8 U+FFFD; white space at both ends
/// goes.
[[nodiscard]] std::string sanitise_message(std::string_view text);

/// Code points of valid UTF-8.
[[nodiscard]] std::size_t count_characters(std::string_view text) noexcept;

/// Whether this is a pictogram, perhaps of several code points (a flag, a keycap, a family), and no word.
[[nodiscard]] bool is_emoji(std::string_view text) noexcept;

/// The name of a file as its owner sees it: no path, one line, not empty, at most 200 bytes.
[[nodiscard]] std::string sanitise_file_name(std::string_view name);

}  // namespace sluice::chat
