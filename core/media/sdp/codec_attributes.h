#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/media/sdp/text.h"

/// `a=rtpmap`, `a=fmtp`, `a=rtcp-fb`, `a=extmap`. `value` is what follows the colon.
namespace sluice::sdp {

/// The m-line's formats of `audio` and `video`: one codec each, with name and rate where RFC 3551 gives the number a
/// meaning.
[[nodiscard]] Read read_payload_types(MediaSection& section);

/// RFC 8866 section 6.6: `<payload type> <name>/<clock rate>[/<channels>]`.
[[nodiscard]] Read read_rtpmap(std::string_view value, MediaSection& section, std::size_t line);
/// RFC 8866 section 6.15: `<payload type> <key>=<value>;...`.
[[nodiscard]] Read read_fmtp(std::string_view value, MediaSection& section);
/// RFC 4585 section 4.2: `<payload type> <type> [<parameter>]`; what is said of `*` goes into `of_all`.
[[nodiscard]] Read read_feedback(std::string_view value, MediaSection& section, std::vector<RtcpFeedback>& of_all);
/// Gives every codec what was said of `*`.
void add_feedback(const std::vector<RtcpFeedback>& of_all, MediaSection& section);

/// RFC 8285 section 8: `<id>[/<direction>] <URI> [<attributes>]`.
[[nodiscard]] Read read_extmap(std::string_view value, std::vector<Extension>& extensions, std::size_t line);

}  // namespace sluice::sdp
