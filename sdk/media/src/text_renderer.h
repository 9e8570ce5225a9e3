#pragma once

#include <compare>
#include <map>
#include <string>
#include <string_view>

#include "rgba_image.h"

namespace sluice::media {

/// Draws lines of text by FFmpeg's drawtext, each once.
class TextRenderer {
 public:
  /// @param font_file  TrueType or OpenType; empty: DejaVu Sans, where distributions put it. Throws MediaError where
  ///                   it cannot be read.
  explicit TextRenderer(std::string font_file);

  /// As high as line_height(), as wide as its ink, at most `max_width`: what is longer ends in an ellipsis.
  /// Empty where FFmpeg does not take the line.
  /// @param line  Cleaned by clean_line().
  /// @return valid until the next call.
  const TextMask& render(std::u32string_view line, int font_size, int max_width);

  [[nodiscard]] static int line_height(int font_size) noexcept { return font_size * 13 / 10; }

 private:
  struct Key {
    std::u32string line;
    int font_size = 0;
    int max_width = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  static constexpr std::size_t kMaxKept = 256;

  [[nodiscard]] TextMask fitted(std::u32string_view line, int font_size, int max_width) const;
  [[nodiscard]] TextMask drawn(std::u32string_view line, int font_size, int max_width) const;

  std::string font_file_;
  std::map<Key, TextMask> kept_;
};

}  // namespace sluice::media
