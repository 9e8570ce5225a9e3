#pragma once

#include <string_view>
#include <vector>

#include "sluice/ortc.h"

namespace sluice::ortc {

/// Every codec the gateway can route, with its format parameters and RTCP feedback: Opus, VP8, VP9, H.264, AV1.
[[nodiscard]] const std::vector<RtpCodecCapability>& supported_codecs();

/// What a router offers where nothing is configured: Opus, VP8, VP9 (profiles 0 and 2), H.264 (constrained baseline and
/// main), AV1, in this order; clients prefer the first.
[[nodiscard]] std::vector<RtpCodecCapability> default_codecs();

/// The RTP capabilities of a router of these codecs: each completed from the supported one (clock rate, channels,
/// feedback; parameters are merged, the configured ones win), RTX added to each video codec, payload types as preferred
/// or else the next free dynamic one, and the router's header extensions. The same input gives the same output.
///
/// Throws Error{unsupported} for a codec that cannot be routed and Error{invalid_payload} for one that is wrong; `root`
/// is the path of the list.
[[nodiscard]] RtpCapabilities router_capabilities(const std::vector<RtpCodecCapability>& codecs,
                                                  std::string_view root = "codecs");

}  // namespace sluice::ortc
