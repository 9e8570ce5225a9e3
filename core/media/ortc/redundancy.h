#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/media/ortc/codec.h"
#include "sluice/ortc.h"

/// Redundant audio among the codecs: `audio/red` with the parameter `111/111`, RFC 2198 section 5, which names the
/// payload types that its blocks may have. Here it is a key with an empty value, and all of them are one: opus.
namespace sluice::ortc {

[[nodiscard]] bool is_red(std::string_view mime_type) noexcept;

/// The one payload type that all blocks have; nothing where none is told, or several are.
[[nodiscard]] std::optional<PayloadType> block_payload_type(const FormatParameters& parameters);
/// The other way round: the packet's own block and an earlier one.
[[nodiscard]] FormatParameters red_parameters(PayloadType block);

/// Whether `codecs` has the codec whose blocks `red` carries; else there is nothing that it could be good for.
[[nodiscard]] bool names_opus(const RtpCodecCapability& red, const std::vector<RtpCodecCapability>& codecs);
[[nodiscard]] bool names_opus(const RtpCodecParameters& red, const std::vector<RtpCodecParameters>& codecs);

}  // namespace sluice::ortc
