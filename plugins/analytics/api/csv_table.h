#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sluice/json.h"

namespace sluice::analytics {

/// Comma-separated values (RFC 4180 section 2) of objects: `columns` are paths (`quality.mos`). Texts that a
/// spreadsheet would take for a formula are made plain by an apostrophe: names are what strangers call themselves.
[[nodiscard]] std::string csv_header(std::span<const std::string_view> columns);
[[nodiscard]] std::string csv_line(std::span<const std::string_view> columns, const json::object& row);

}  // namespace sluice::analytics
