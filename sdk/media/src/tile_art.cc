#include "tile_art.h"

#include <utility>

#include "text_line.h"

namespace sluice::media {
namespace {

constexpr int even_up(int value) noexcept { return value + value % 2; }

}  // namespace

Overlay TileArt::label(const std::string& name, Size tile) {
  const int font_size = look::label_font_size(canvas_, tile);
  const int padding = look::label_padding(font_size);
  const int room = tile.width - 2 * (look::label_margin(canvas_) + padding);
  if (font_size < look::kSmallestFont || room < font_size) return {};
  const TextMask& text = text_.render(clean_line(name), font_size, room);
  if (text.size.width == 0) return {};
  const Size size{even_up(text.size.width + 2 * padding), even_up(text.size.height + padding / 2)};
  RgbaImage band{size};
  band.fill_round({0, 0, size.width, size.height}, size.height / 4, look::kBand, look::kBandOpacity);
  band.stamp(text, padding, (size.height - text.size.height) / 2, look::kText);
  return Overlay{band};
}

VideoFrame TileArt::without_picture(const std::string& id, const std::string& name, Size tile) {
  VideoFrame frame{tile};
  const Colour colour = look::calm_colour(id);
  fill(frame, {0, 0, tile.width, tile.height}, to_yuv(colour));
  const std::u32string initials = initials_of(clean_line(name));
  const int side = look::disc_size(tile);
  const int font_size = look::initials_font_size(side);
  if (initials.empty() || font_size < look::kSmallestFont) return frame;
  RgbaImage disc{{side, side}};
  disc.fill_round({0, 0, side, side}, side / 2, look::lighter(colour, look::kDiscLight), 1);
  const TextMask& text = text_.render(initials, font_size, side);
  disc.stamp(text, (side - text.size.width) / 2, (side - text.size.height) / 2, look::kText);
  blend(frame, Overlay{disc}, look::even((tile.width - side) / 2), look::even((tile.height - side) / 2));
  return frame;
}

Overlay TileArt::title(const std::string& title) {
  const TextMask& text = text_.render(clean_line(title), look::title_font_size(canvas_), look::title_width(canvas_));
  RgbaImage image{text.size};
  image.stamp(text, 0, 0, look::kText);
  return Overlay{image};
}

}  // namespace sluice::media
