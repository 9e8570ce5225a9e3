#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/result.h"

namespace sluice {

enum class JsonTextError : std::uint8_t { not_json, too_deep, too_big };

/// Nesting that a client may send; the parser recurses no deeper, and neither do readers and destructors.
inline constexpr std::size_t kMaxJsonDepth = 32;
/// A document's bytes, below every door's own message limit; a value takes up to 24 bytes of memory per byte of text.
inline constexpr std::size_t kMaxJsonBytes = std::size_t{4} << 20U;

/// Parses one JSON document (RFC 8259), strictly: no comments, no trailing commas, valid UTF-8.
[[nodiscard]] Result<boost::json::value, JsonTextError> parse_json_text(std::string_view text,
                                                                        std::size_t max_depth = kMaxJsonDepth);

}  // namespace sluice
