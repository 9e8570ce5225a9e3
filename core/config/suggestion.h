#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice::config {

/// The candidate that was probably meant by `typed`: the one with the fewest edits (insert, delete, replace, swap of
/// neighbours), where these are few compared with its length. Nothing where no candidate is near.
[[nodiscard]] std::optional<std::string> nearest(std::string_view typed, std::span<const std::string> candidates);

}  // namespace sluice::config
