#pragma once

#include <optional>
#include <vector>

#include "core/media/sdp/session_description.h"
#include "sluice/ortc.h"
#include "sluice/result.h"

/// What a client's m-section means in ORTC's words, as far as the router has it: codecs and header extensions that it
/// has not are left out. Payload types and ids stay the client's.
namespace sluice::sdp {

/// Nothing where it is no RTP that we know: data channels, text, another protocol.
[[nodiscard]] std::optional<MediaKind> kind_of(const MediaSection& section) noexcept;

/// The section's codecs that the router has, and RTX for these, in the section's order, with the feedback that the
/// client listed.
[[nodiscard]] std::vector<RtpCodecCapability> common_codecs(const MediaSection& section, MediaKind kind,
                                                            const RtpCapabilities& router);

/// Extensions of the section that the router reads from producers, and those that it sends to consumers.
[[nodiscard]] std::vector<Extension> extensions_received(const MediaSection& section, MediaKind kind,
                                                         const RtpCapabilities& router);
[[nodiscard]] std::vector<Extension> extensions_sent(const MediaSection& section, const RtpCapabilities& router);

/// The rids of the streams that the section sends as a simulcast, in its order; empty for one stream, or several that
/// are told by SSRC.
[[nodiscard]] std::vector<std::string> sent_rids(const MediaSection& section);

/// What a section sends: the parameters of a producer. The streams are told by rid (RFC 8853), by an ssrc-group SIM,
/// by SSRC, or by the section's MID alone. `codecs` are the section's common ones. The problem is one of support: the
/// description itself is right.
[[nodiscard]] Result<RtpParameters, Problem> sending_parameters(const MediaSection& section, MediaKind kind,
                                                                const std::vector<RtpCodecCapability>& codecs,
                                                                const RtpCapabilities& router);

/// What a section can receive.
[[nodiscard]] RtpCapabilities receiving_capabilities(const MediaSection& section, MediaKind kind,
                                                     const std::vector<RtpCodecCapability>& codecs,
                                                     const RtpCapabilities& router);

}  // namespace sluice::sdp
