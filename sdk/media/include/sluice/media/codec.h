#pragma once

#include <boost/describe/enum.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

/// Media for plugins: from the packets of a Tap to frames, files, pictures and sound, and back. FFmpeg does the coding;
/// its types stay inside. Nothing here has a thread or a clock of its own but where it says so.
namespace sluice::media {

enum class Codec : std::uint8_t { h264, vp8, vp9, av1, opus, aac, mp3 };
BOOST_DESCRIBE_ENUM(Codec, h264, vp8, vp9, av1, opus, aac, mp3)

[[nodiscard]] constexpr bool is_video(Codec codec) noexcept { return codec <= Codec::av1; }
/// `video/VP8` and the like, compared without regard to case; none: nothing that is handled here.
[[nodiscard]] std::optional<Codec> codec_of(std::string_view mime_type) noexcept;

/// A point or a span on a time line of media.
using MediaTime = std::chrono::microseconds;

/// In pixels.
struct Size {
  int width = 0;
  int height = 0;
  friend constexpr bool operator==(const Size&, const Size&) noexcept = default;
};

}  // namespace sluice::media
