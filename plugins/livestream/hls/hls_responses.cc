#include "hls/hls_responses.h"

namespace sluice::livestream {

namespace {

bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"-._~"}.find(c) != std::string_view::npos;
}

}  // namespace

std::string_view content_type_of(HlsFileKind kind) noexcept {
  return kind == HlsFileKind::initialisation ? "video/mp4" : "video/iso.segment";
}

HttpReply::Response playlist_response(const std::string& text) {
  return {.status = 200,
          .content_type = "application/vnd.apple.mpegurl",
          .body = text,
          .headers = {{"Cache-Control", "no-cache"}}};
}

HttpReply::Response file_response(const PublishedFile& file, std::chrono::seconds lifetime, Audience audience) {
  const std::string who = audience == Audience::everybody ? "public" : "private";
  return {.status = 200,
          .content_type = std::string{file.content_type},
          .body = {},
          .headers = {{"Cache-Control", who + ", max-age=" + std::to_string(lifetime.count()) + ", immutable"}},
          .file = file.path};
}

HttpReply::Response try_again(ErrorCode code, const std::string& why) {
  HttpReply::Response response = HttpReply::failure(Error{code, why});
  response.status = 503;
  response.headers["Retry-After"] = "1";
  return response;
}

std::string key_query(std::string_view key) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  if (key.empty()) return {};
  std::string out = "?key=";
  for (const char c : key) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0x0f];
  }
  return out;
}

}  // namespace sluice::livestream
