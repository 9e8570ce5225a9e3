#pragma once

#include <string_view>

namespace sluice::net {

/// The media type of a file by its extension; `application/octet-stream` for one that is not known.
[[nodiscard]] std::string_view content_type_of(std::string_view path) noexcept;

}  // namespace sluice::net
