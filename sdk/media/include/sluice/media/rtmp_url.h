#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/result.h"

namespace sluice::media {

/// `rtmp://[user:password@]host[:port]/app/key[?query]`, taken apart.
struct RtmpUrl {
  static constexpr std::size_t kMaxBytes = 2'048;

  bool tls = false;           ///< rtmps
  std::string credentials{};  ///< `user:password`, as written: a secret; empty: none
  std::string host{};         ///< a name, or an address; IPv6 without its brackets
  std::uint16_t port = 1'935;
  std::string app{};  ///< without slashes around it; may have some within
  std::string key{};  ///< the last segment, with its query: a secret

  /// The host as it stands in an address: IPv6 in brackets.
  [[nodiscard]] std::string authority() const;
};

enum class RtmpUrlError : std::uint8_t {
  too_long,
  bad_character,
  not_rtmp,
  no_host,
  bad_host,
  bad_port,
  no_app,
  no_key
};

/// For people: "it has no key" and the like.
[[nodiscard]] std::string_view to_text(RtmpUrlError error) noexcept;

[[nodiscard]] Result<RtmpUrl, RtmpUrlError> parse_rtmp_url(std::string_view url);

/// The address as it may be shown and logged: `rtmp://host/app/****`, without user, password and query. What cannot be
/// read is `****` altogether.
[[nodiscard]] std::string masked_rtmp_url(std::string_view url);

}  // namespace sluice::media
