#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sluice::chat {

/// Headers of a file that is saved under `name` and never shown in place: what people upload is theirs, not a page of
/// ours (RFC 6266; no guessing of types, no scripts).
[[nodiscard]] std::map<std::string, std::string, std::less<>> attachment(std::string_view name);

}  // namespace sluice::chat
