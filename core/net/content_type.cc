#include "core/net/content_type.h"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::net {

namespace {

struct TypeOfExtension {
  std::string_view extension;
  std::string_view type;
};

constexpr std::array kTypes{
    TypeOfExtension{"html", "text/html; charset=utf-8"},
    TypeOfExtension{"js", "text/javascript; charset=utf-8"},
    TypeOfExtension{"mjs", "text/javascript; charset=utf-8"},
    TypeOfExtension{"css", "text/css; charset=utf-8"},
    TypeOfExtension{"json", "application/json"},
    TypeOfExtension{"map", "application/json"},
    TypeOfExtension{"webmanifest", "application/manifest+json"},
    TypeOfExtension{"txt", "text/plain; charset=utf-8"},
    TypeOfExtension{"svg", "image/svg+xml"},
    TypeOfExtension{"png", "image/png"},
    TypeOfExtension{"jpg", "image/jpeg"},
    TypeOfExtension{"jpeg", "image/jpeg"},
    TypeOfExtension{"gif", "image/gif"},
    TypeOfExtension{"webp", "image/webp"},
    TypeOfExtension{"ico", "image/x-icon"},
    TypeOfExtension{"woff2", "font/woff2"},
    TypeOfExtension{"woff", "font/woff"},
    TypeOfExtension{"ttf", "font/ttf"},
    TypeOfExtension{"wasm", "application/wasm"},
    TypeOfExtension{"mp3", "audio/mpeg"},
    TypeOfExtension{"ogg", "audio/ogg"},
    TypeOfExtension{"mp4", "video/mp4"},
    TypeOfExtension{"webm", "video/webm"},
    TypeOfExtension{"m3u8", "application/vnd.apple.mpegurl"},
    TypeOfExtension{"m4s", "video/iso.segment"},
    TypeOfExtension{"ts", "video/mp2t"},
    TypeOfExtension{"vtt", "text/vtt; charset=utf-8"},
    TypeOfExtension{"pdf", "application/pdf"},
};

}  // namespace

std::string_view content_type_of(std::string_view path) noexcept {
  constexpr std::string_view kUnknown = "application/octet-stream";
  const std::string_view name = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return kUnknown;

  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  const std::string_view extension = name.substr(dot + 1);
  const auto* found = std::ranges::find_if(
      kTypes, [&](const TypeOfExtension& entry) { return std::ranges::equal(extension, entry.extension, same); });
  return found == kTypes.end() ? kUnknown : found->type;
}

}  // namespace sluice::net
