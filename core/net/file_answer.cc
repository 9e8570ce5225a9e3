#include "core/net/file_answer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace sluice::net {

namespace {

std::string_view trim(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// Digits alone: no sign, no blanks. Nothing for a number that does not fit, too.
std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The last `length` bytes.
ByteRange suffix(std::uint64_t length, std::uint64_t size) noexcept {
  if (length == 0 || size == 0) return {.kind = RangeKind::unsatisfiable};
  const std::uint64_t bytes = std::min(length, size);
  return {.kind = RangeKind::part, .part = {.offset = size - bytes, .bytes = bytes}};
}

// A tag in If-Range must match strongly; a date never does, as no Last-Modified is told.
bool range_holds(std::string_view if_range, std::string_view tag) noexcept {
  return if_range.empty() || trim(if_range) == tag;
}

void without_content(HttpResponse& response, int status) {
  response.status = status;
  response.file.clear();
  response.headers.remove("Content-Type");
  response.headers.remove("Content-Disposition");
}

}  // namespace

std::string entity_tag(const struct stat& file) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "\"%llx-%llx-%llx\"", static_cast<unsigned long long>(file.st_mtim.tv_sec),
                static_cast<unsigned long long>(file.st_mtim.tv_nsec), static_cast<unsigned long long>(file.st_size));
  return text.data();
}

bool names_entity(std::string_view if_none_match, std::string_view tag) noexcept {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  while (!if_none_match.empty()) {
    std::string_view entry = if_none_match.substr(0, if_none_match.find(','));
    if_none_match.remove_prefix(std::min(entry.size() + 1, if_none_match.size()));
    entry = trim(entry);
    if (entry.starts_with("W/")) entry.remove_prefix(2);
    if (entry == "*" || entry == tag) return true;
  }
  return false;
}

ByteRange parse_range(std::string_view range, std::uint64_t size) noexcept {
  constexpr std::string_view kUnit = "bytes=";
  if (!range.starts_with(kUnit) || range.find(',') != std::string_view::npos) return {};
  range = trim(range.substr(kUnit.size()));
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return {};
  const auto last = parse_number(range.substr(dash + 1));
  if (dash == 0) return last ? suffix(*last, size) : ByteRange{};
  const auto first = parse_number(range.substr(0, dash));
  const bool open = dash + 1 == range.size();
  if (!first || (!open && (!last || *last < *first))) return {};
  if (*first >= size) return {.kind = RangeKind::unsatisfiable};
  const std::uint64_t end = open ? size - 1 : std::min(*last, size - 1);
  return {.kind = RangeKind::part, .part = {.offset = *first, .bytes = end - *first + 1}};
}

void complete_file_answer(HttpResponse& response, const FileConditions& conditions) {
  if (response.file.empty() || response.status != 200) return;
  struct stat file {};
  if (::stat(response.file.c_str(), &file) != 0 || !S_ISREG(file.st_mode)) {
    response = HttpResponse::error(404, "NOT_FOUND", "the file is gone");
    return;
  }
  if (!response.headers.contains("ETag")) response.headers.set("ETag", entity_tag(file));
  response.headers.set("Accept-Ranges", "bytes");
  const std::string tag{response.headers.get("ETag")};
  if (names_entity(conditions.if_none_match, tag)) return without_content(response, 304);

  // RFC 9110 section 14.2: a Range means something to GET alone.
  if (conditions.method != HttpMethod::get || !range_holds(conditions.if_range, tag)) return;
  const auto size = static_cast<std::uint64_t>(file.st_size);
  const auto [kind, part] = parse_range(conditions.range, size);
  if (kind == RangeKind::whole) return;
  if (kind == RangeKind::unsatisfiable) {
    without_content(response, 416);
    response.headers.set("Content-Range", "bytes */" + std::to_string(size));
    return;
  }
  response.status = 206;
  response.part = part;
  response.headers.set("Content-Range", "bytes " + std::to_string(part.offset) + "-" +
                                            std::to_string(part.offset + part.bytes - 1) + "/" + std::to_string(size));
}

}  // namespace sluice::net
