#pragma once

#include <cstddef>
#include <string_view>

#include "core/media/sdp/text.h"

/// ICE and DTLS, of the session or of a section. `value` is what follows the colon.
namespace sluice::sdp {

/// RFC 8839 section 5.4.
[[nodiscard]] Read read_ice_ufrag(std::string_view value, TransportAttributes& out, std::size_t line);
[[nodiscard]] Read read_ice_pwd(std::string_view value, TransportAttributes& out, std::size_t line);
/// RFC 8839 section 5.6.
[[nodiscard]] Read read_ice_options(std::string_view value, TransportAttributes& out);
[[nodiscard]] Read read_candidate(std::string_view value, TransportAttributes& out);
/// RFC 8122 section 5: `<hash function> <AB:CD:...>`.
[[nodiscard]] Read read_fingerprint(std::string_view value, TransportAttributes& out, std::size_t line);
/// RFC 4145 section 4.
[[nodiscard]] Read read_setup(std::string_view value, TransportAttributes& out, std::size_t line);

/// What a section does not say itself it has from the session.
void inherit(const TransportAttributes& session, TransportAttributes& section);

}  // namespace sluice::sdp
