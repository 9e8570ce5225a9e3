#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sluice/http.h"
#include "sluice/ortc.h"

/// The header fields of WHIP and WHEP, read and written.
namespace sluice::whip {

inline constexpr std::string_view kSdpType = "application/sdp";
inline constexpr std::string_view kFragmentType = "application/trickle-ice-sdpfrag";  // RFC 8840 section 9.3

/// The value of a header (`name` in lower case), or of a query parameter; nothing where there is none.
[[nodiscard]] std::optional<std::string_view> header(const HttpRequest& request, std::string_view name);
[[nodiscard]] std::optional<std::string_view> query(const HttpRequest& request, std::string_view name);

/// Whether a Content-Type names `type`, whatever its case and parameters.
[[nodiscard]] bool is_media_type(std::string_view content_type, std::string_view type) noexcept;

/// Whether an If-Match field lets a change of what has `entity_tag` pass: `*`, or a list that holds it (strong
/// comparison: a weak tag matches nothing). RFC 9110 section 13.1.1.
[[nodiscard]] bool if_match_allows(std::string_view field, std::string_view entity_tag) noexcept;

/// The `Link` field that tells a client its STUN and TURN servers, RFC 9725 section 4.6: one value per URL, separated
/// by commas (RFC 9110 section 5.3). Empty where there are none.
[[nodiscard]] std::string link_header(std::span<const IceServer> servers);

/// Fit to be one segment of a URL's path, RFC 3986 section 3.3.
[[nodiscard]] std::string path_segment(std::string_view text);

}  // namespace sluice::whip
