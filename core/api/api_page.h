#pragma once

#include <string_view>

/// The page that shows `/api/openapi.json` to people. It makes its elements by name and text, never of HTML in strings.
namespace sluice::api_page {

extern const std::string_view kHtml;
extern const std::string_view kStyle;
extern const std::string_view kScript;

}  // namespace sluice::api_page
