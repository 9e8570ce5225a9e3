#include "sluice/media/codec.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::media {

namespace {

constexpr std::array<std::pair<std::string_view, Codec>, 5> kMimeTypes{{{"video/h264", Codec::h264},
                                                                        {"video/vp8", Codec::vp8},
                                                                        {"video/vp9", Codec::vp9},
                                                                        {"video/av1", Codec::av1},
                                                                        {"audio/opus", Codec::opus}}};

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::optional<Codec> codec_of(std::string_view mime_type) noexcept {
  const auto same = [mime_type](const auto& entry) {
    return std::ranges::equal(entry.first, mime_type, {}, {}, lower);
  };
  const auto found = std::ranges::find_if(kMimeTypes, same);
  return found == kMimeTypes.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace sluice::media
