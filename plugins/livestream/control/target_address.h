#pragma once

#include <string>
#include <string_view>

#include "control/options.h"
#include "sluice/secret.h"

namespace sluice::livestream {

/// A server that a program is pushed to.
struct TargetAddress {
  std::string name;   ///< as people know it
  std::string shown;  ///< without the key
  Secret url;         ///< with it
  Secret key;         ///< alone, so that it can be looked for in what others say
};

/// Joins address and key: `rtmp://a.rtmp.youtube.com/live2` and `abcd-efgh`. Where `key` is empty, the address has it
/// as its last segment. Throws Error{invalid_payload} with what is wrong and its `path`; no text has the key.
[[nodiscard]] TargetAddress make_address(std::string_view url, std::string_view key, std::string_view name);
/// The host of an RTMP address, in lower case; empty: it is none.
[[nodiscard]] std::string host_of(std::string_view url);
/// Whether one of the patterns (`live.twitch.tv`, `*.youtube.com`) is the host's, or there are none.
[[nodiscard]] bool is_allowed(const std::vector<std::string>& patterns, std::string_view host);
/// What another process or server says of the target, fit to be shown: without the key, whatever it says.
[[nodiscard]] std::string without_secrets(const TargetAddress& address, std::string_view text);

}  // namespace sluice::livestream
