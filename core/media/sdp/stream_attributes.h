#pragma once

#include <cstddef>
#include <string_view>

#include "core/media/sdp/text.h"

/// What names the streams of a section. `value` is what follows the colon.
namespace sluice::sdp {

/// RFC 8830 section 2: `<stream> [<track>]`.
[[nodiscard]] Read read_msid(std::string_view value, MediaSection& section);
/// RFC 5576 section 4.1: `<ssrc> <attribute>[:<value>]`.
[[nodiscard]] Read read_ssrc(std::string_view value, MediaSection& section, std::size_t line);
/// RFC 5576 section 4.2: `<semantics> <ssrc>...`.
[[nodiscard]] Read read_ssrc_group(std::string_view value, MediaSection& section, std::size_t line);
/// RFC 8851 section 10: `<id> send|recv [pt=<list>;<restriction>;...]`.
[[nodiscard]] Read read_rid(std::string_view value, MediaSection& section, std::size_t line);
/// RFC 8853 section 5.1: `send <streams> [recv <streams>]`, a stream being alternatives with commas between.
[[nodiscard]] Read read_simulcast(std::string_view value, MediaSection& section, std::size_t line);

}  // namespace sluice::sdp
