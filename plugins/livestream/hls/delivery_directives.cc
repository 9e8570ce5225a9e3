#include "hls/delivery_directives.h"

#include <charconv>
#include <string_view>

namespace sluice::livestream {

namespace {

using Query = std::map<std::string, std::string, std::less<>>;

constexpr std::size_t kMostDigits = 15;

const std::string* find(const Query& query, std::string_view name) {
  const auto found = query.find(name);
  return found == query.end() ? nullptr : &found->second;
}

/// A decimal-integer of RFC 8216 section 4.2; nothing for all else, and for what no stream reaches.
std::optional<std::uint64_t> read_number(std::string_view text) noexcept {
  if (text.empty() || text.size() > kMostDigits) return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [read_to, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc{} || read_to != end) return std::nullopt;
  return number;
}

Error malformed(const std::string& name, const std::string& what) {
  return Error{ErrorCode::invalid_payload, name + " " + what, {{"path", name}}};
}

}  // namespace

Result<DeliveryDirectives, Error> read_directives(const Query& query) {
  DeliveryDirectives out;
  if (const std::string* const skip = find(query, "_HLS_skip")) {
    // `v2` would skip date ranges, too: there are none.
    if (*skip != "YES" && *skip != "v2") return malformed("_HLS_skip", "is YES or v2");
    out.version = PlaylistVersion::delta;
  }
  const std::string* const segment = find(query, "_HLS_msn");
  const std::string* const part = find(query, "_HLS_part");
  if (segment == nullptr) {
    if (part != nullptr) return malformed("_HLS_part", "needs _HLS_msn");
    return out;
  }
  const auto number = read_number(*segment);
  if (!number) return malformed("_HLS_msn", "is no number");
  out.position = Position{.segment = *number};
  if (part == nullptr) return out;
  out.position->part = read_number(*part);
  if (!out.position->part) return malformed("_HLS_part", "is no number");
  return out;
}

}  // namespace sluice::livestream
