#pragma once

#include <string>

#include "canvas.h"
#include "text_renderer.h"

namespace sluice::media {

/// What is drawn once and shown in many pictures: names, initials, the title.
class TileArt {
 public:
  TileArt(Size canvas, const std::string& font_file) : canvas_{canvas}, text_{font_file} {}

  /// A name on a band, for a tile of that size; empty where there is no room for it.
  [[nodiscard]] Overlay label(const std::string& name, Size tile);
  /// A whole tile without a picture: the initials on a disc, in a colour that is always the participant's.
  [[nodiscard]] VideoFrame without_picture(const std::string& id, const std::string& name, Size tile);
  [[nodiscard]] Overlay title(const std::string& title);

 private:
  Size canvas_;
  TextRenderer text_;
};

}  // namespace sluice::media
