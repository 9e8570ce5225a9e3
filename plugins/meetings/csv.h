#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::meetings {

/// Comma-separated values as RFC 4180 section 2 has them; lines may end in LF alone, and a byte order mark at the
/// beginning is passed over. Empty lines are left out.
/// @return nothing where a quotation is not closed, stands within a field, or there are more than `most_rows` rows.
[[nodiscard]] std::optional<std::vector<std::vector<std::string>>> parse_csv(std::string_view text,
                                                                             std::size_t most_rows);

}  // namespace sluice::meetings
