#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

#include "core/media/ortc/check.h"
#include "core/media/sdp/session_description.h"
#include "sluice/result.h"

/// The small vocabulary of the readers. They borrow from the text that they read.
namespace sluice::sdp {

/// What a reader of one line answers: the reason why it refuses. The line's number is known to who called it.
using Read = Result<Ok, std::string_view>;

/// The whole of `text` as a decimal number that fits.
template <class Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text) noexcept {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

/// A text of 1 to `max` bytes, each of which `allowed` accepts.
template <class Allowed>
[[nodiscard]] bool is_text(std::string_view text, std::size_t max, Allowed allowed) noexcept {
  return !text.empty() && text.size() <= max && std::all_of(text.begin(), text.end(), allowed);
}

[[nodiscard]] constexpr bool is_token(char c) noexcept { return ortc::is_token(c); }
[[nodiscard]] constexpr bool is_visible(char c) noexcept { return ortc::is_visible(c); }

/// Takes a text apart from the left.
class Splitter {
 public:
  explicit constexpr Splitter(std::string_view text) noexcept : rest_{text} {}

  /// What stands before the next `separator`, or all that is left; the separator is gone.
  constexpr std::string_view until(char separator) noexcept {
    const std::size_t end = rest_.find(separator);
    const std::string_view found = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
    return found;
  }
  /// The next word; empty at the end. More than one space counts as one.
  constexpr std::string_view word() noexcept {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    return until(' ');
  }
  [[nodiscard]] constexpr std::string_view rest() const noexcept { return rest_; }
  [[nodiscard]] constexpr bool done() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
};

[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// A list that grows up to a limit.
template <class T>
[[nodiscard]] bool has_room(const std::vector<T>& list, std::size_t limit) noexcept {
  return list.size() < limit;
}

}  // namespace sluice::sdp
