#pragma once

#include <string_view>

#include "core/media/sdp/session_description.h"
#include "sluice/result.h"

namespace sluice::sdp {

/// Reads an offer or an answer: RFC 8866, with the attributes of RFC 8829 section 5. Lines and attributes that are
/// unknown are ignored; what is known must be right. Nothing is kept beyond the limits of limits.h and SdpSession.
[[nodiscard]] Result<SessionDescription, Problem> read_description(std::string_view text);

/// Reads an SDP fragment, RFC 8840 section 9: the same without the session's first lines.
[[nodiscard]] Result<SessionDescription, Problem> read_fragment(std::string_view text);

}  // namespace sluice::sdp
