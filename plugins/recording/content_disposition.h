#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sluice::recording {

using Headers = std::map<std::string, std::string, std::less<>>;

/// Headers of a product's file. With a name it is saved under it (RFC 6266; what a file system or a header must not
/// have is left out); without, it is shown in place.
[[nodiscard]] Headers file_headers(std::string_view save_as);

/// `Weekly 2026-07-30.mp4`: what people see of a title in a file's name, at most 120 bytes of UTF-8.
[[nodiscard]] std::string file_name_of(std::string_view title, std::string_view extension);

}  // namespace sluice::recording
