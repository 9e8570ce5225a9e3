#pragma once

#include <string>

#include "core/media/sdp/session_description.h"

namespace sluice::sdp {

/// The text of a description, with CRLF. What read_description has read is written so that it is read again as the
/// same.
[[nodiscard]] std::string write_description(const SessionDescription& description);

/// An SDP fragment, RFC 8840 section 9: transports alone. Of each section media, formats, mid and transport are
/// written.
[[nodiscard]] std::string write_fragment(const SessionDescription& description);

}  // namespace sluice::sdp
