#include "core/net/url.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace sluice::net {

namespace {

enum class Plus : std::uint8_t { literal, space };

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool has_control(std::string_view text) noexcept {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Result<std::string, UrlError> decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return UrlError::bad_escape;
      out += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      out += text[i] == '+' && plus == Plus::space ? ' ' : text[i];
    }
  }
  if (has_control(out) || !is_utf8(out)) return UrlError::forbidden_byte;
  return out;
}

/// RFC 9112 section 3.2.2: a server accepts the absolute form; the authority it names is the proxy's business.
std::optional<std::string_view> strip_authority(std::string_view target) noexcept {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    return target.substr(end);
  }
  return target.starts_with('/') ? std::optional{target} : std::nullopt;
}

Result<std::string, UrlError> normalise_path(std::string_view raw) {
  std::vector<std::string> segments;
  bool slash_at_end = true;
  while (!raw.empty()) {
    raw.remove_prefix(1);  // the slash before the segment
    const std::string_view piece = raw.substr(0, std::min(raw.find('/'), raw.size()));
    raw.remove_prefix(piece.size());

    auto segment = decode(piece, Plus::literal);
    if (!segment) return segment.error();
    if (segment->find('/') != std::string::npos) return UrlError::hidden_slash;
    slash_at_end = segment->empty() || *segment == "." || *segment == "..";
    if (*segment == "..") {
      if (segments.empty()) return UrlError::above_root;
      segments.pop_back();
    } else if (!slash_at_end) {
      segments.push_back(std::move(*segment));
    }
  }

  std::string path;
  for (const std::string& segment : segments) path.append("/").append(segment);
  if (slash_at_end || path.empty()) path += '/';
  return path;
}

Result<HttpFields, UrlError> parse_query(std::string_view raw) {
  HttpFields fields;
  for (std::size_t count = 0; !raw.empty(); ++count) {
    if (count == kMaxQueryFields) return UrlError::too_long;
    const std::string_view pair = raw.substr(0, std::min(raw.find('&'), raw.size()));
    raw.remove_prefix(std::min(pair.size() + 1, raw.size()));
    if (pair.empty()) continue;

    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals), Plus::space);
    if (!name) return name.error();
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())), Plus::space);
    if (!value) return value.error();
    fields.insert_or_assign(std::move(*name), std::move(*value));
  }
  return fields;
}

/// Length of the UTF-8 sequence that `text` begins with, 0 if there is none: RFC 3629 section 4, hence no overlong
/// form, no surrogate, nothing above U+10FFFF.
std::size_t utf8_sequence(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto is_tail = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80; };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || !is_tail(1)) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) {
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
    return is_tail(2) ? 3 : 0;
  }
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return 0;
  return is_tail(2) && is_tail(3) ? 4 : 0;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

Result<std::string, UrlError> percent_decoded(std::string_view text) { return decode(text, Plus::literal); }

Result<RequestTarget, UrlError> parse_target(std::string_view target) {
  if (target.size() > kMaxTargetBytes) return UrlError::too_long;
  const auto local = strip_authority(target);
  if (!local) return UrlError::not_a_path;

  const std::string_view without_fragment = local->substr(0, std::min(local->find('#'), local->size()));
  const std::size_t question = std::min(without_fragment.find('?'), without_fragment.size());
  auto path = normalise_path(without_fragment.substr(0, question));
  if (!path) return path.error();
  auto query = parse_query(without_fragment.substr(std::min(question + 1, without_fragment.size())));
  if (!query) return query.error();
  return RequestTarget{.path = std::move(*path), .query = std::move(*query)};
}

}  // namespace sluice::net
