#pragma once

#include <string_view>

#include "core/media/sdp/session_description.h"

namespace sluice::sdp {

/// What in a client's message is refused: the field that held the text.
inline constexpr std::string_view kSdpField = "sdp";
inline constexpr std::string_view kCandidateField = "candidate";
inline constexpr std::string_view kFragmentField = "fragment";

/// Error{invalid_payload} with `{line, reason, path}`: the text breaks a rule.
[[noreturn]] void refuse_invalid(const Problem& problem, std::string_view field = kSdpField);
/// Error{unsupported} with `{line, reason, path}`: the text asks for what is not there.
[[noreturn]] void refuse_unsupported(const Problem& problem, std::string_view field = kSdpField);
/// Error{conflict}: it comes out of turn.
[[noreturn]] void refuse_turn(std::string_view reason);

}  // namespace sluice::sdp
