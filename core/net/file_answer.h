#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/net/http_message.h"

namespace sluice::net {

/// The header fields of a request that decide what is sent of a file.
struct FileConditions {
  HttpMethod method = HttpMethod::get;
  std::string_view range{};
  std::string_view if_range{};
  std::string_view if_none_match{};
};

/// Completes a 200 that names a file: `ETag`, `Accept-Ranges`, and by the conditions 304, 206 with the part, or 416
/// (RFC 9110 sections 13.1 and 14). One range is served; of several, and of other units, the whole file comes, as
/// section 14.2 allows. A file that is not there or no regular one becomes a 404.
/// @note Asks the file system for time and size.
void complete_file_answer(HttpResponse& response, const FileConditions& conditions);

/// RFC 9110 section 8.8.3: strong enough for files that are written once, since a rewrite changes time or size.
[[nodiscard]] std::string entity_tag(const struct stat& file);

/// RFC 9110 section 13.1.2: whether `If-None-Match`, a list of tags or `*`, names the tag; the comparison is weak.
[[nodiscard]] bool names_entity(std::string_view if_none_match, std::string_view tag) noexcept;

enum class RangeKind : std::uint8_t { whole, part, unsatisfiable };

struct ByteRange {
  RangeKind kind = RangeKind::whole;
  FilePart part = {};
};

/// RFC 9110 section 14.1.2: `bytes=0-499`, `bytes=500-`, `bytes=-500`, of a file of `size` bytes.
[[nodiscard]] ByteRange parse_range(std::string_view range, std::uint64_t size) noexcept;

}  // namespace sluice::net
