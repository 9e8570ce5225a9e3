#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/net/http_message.h"
#include "sluice/result.h"

namespace sluice::net {

/// Why a request target is refused; all of them are 400.
enum class UrlError : std::uint8_t {
  too_long,        ///< over kMaxTargetBytes, or more than kMaxQueryFields
  not_a_path,      ///< neither origin-form nor absolute-form (RFC 9112 section 3.2)
  bad_escape,      ///< '%' without two hexadecimal digits
  forbidden_byte,  ///< a control character, NUL, or bytes that are not UTF-8
  hidden_slash,    ///< %2F: one segment that would become two
  above_root       ///< more `..` than segments
};

inline constexpr std::size_t kMaxTargetBytes = 8192;
inline constexpr std::size_t kMaxQueryFields = 64;

struct RequestTarget {
  std::string path;  ///< see HttpRequest::path
  HttpFields query;
};

/// Reads the target of a request line: decodes percent escapes first and removes `.` and `..` (RFC 3986 section 5.2.4)
/// after, so that an escaped dot segment is one like any other. Empty segments go; a slash at the end stays.
/// In the query `+` is a space.
[[nodiscard]] Result<RequestTarget, UrlError> parse_target(std::string_view target);

/// Text without its percent escapes, where it holds no control character and is UTF-8.
[[nodiscard]] Result<std::string, UrlError> percent_decoded(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace sluice::net
