#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "hls/published_files.h"
#include "sluice/error.h"
#include "sluice/http.h"
#include "stream_job.h"

namespace sluice::livestream {

enum class Audience : std::uint8_t {
  everybody,
  who_has_the_key  ///< caches that are shared keep nothing
};

/// A literal.
[[nodiscard]] std::string_view content_type_of(HlsFileKind kind) noexcept;

[[nodiscard]] HttpReply::Response playlist_response(const std::string& text);
/// Files never change: they are fresh for `lifetime`.
[[nodiscard]] HttpReply::Response file_response(const PublishedFile& file, std::chrono::seconds lifetime,
                                                Audience audience);
/// 503 with `Retry-After`.
[[nodiscard]] HttpReply::Response try_again(ErrorCode code, const std::string& why);

/// `?key=...` with what a URI must not have escaped (RFC 3986 section 2.1); empty for no key.
[[nodiscard]] std::string key_query(std::string_view key);

}  // namespace sluice::livestream
