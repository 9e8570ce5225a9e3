#pragma once

#include <vector>

#include "core/media/ortc/check.h"
#include "sluice/ortc.h"

namespace sluice::ortc {

/// RFC 3551 leaves 0 to 127; RFC 5761 section 4 takes 64 to 95 away, where RTCP shares the port.
void check_payload_type(PayloadType payload_type, const Path& path);

/// Each codec by itself, then unique payload types, and every RTX's apt.
void check_codecs(const std::vector<RtpCodecCapability>& codecs, const Path& path);
void check_codecs(const std::vector<RtpCodecParameters>& codecs, MediaKind kind, const Path& path);

/// One codec as an operator configures it: clock rate and payload type may be left out.
void check_configured_codec(const RtpCodecCapability& codec, const Path& path);

void check_format_parameters(const FormatParameters& parameters, const Path& path);

}  // namespace sluice::ortc
