#include "tile_view.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::media {
void TileView::place(const Tile& tile, const SceneSource& source, bool on_top) {
  const bool moved = tile.place != tile_.place || tile.fit != tile_.fit || on_top != on_top_;
  if (!moved && source == source_) return;
  stale_ = true;
  to_scale_ = to_scale_ || moved;
  to_write_ = to_write_ || moved || source.label != source_.label || source.id != source_.id;
  tile_ = tile;
  source_ = source;
  on_top_ = on_top;
}

void TileView::show(const VideoFrame& picture) {
  if (picture.get() == picture_.get()) return;
  to_write_ = to_write_ || picture.size() != picture_.size();
  picture_ = picture;
  stale_ = to_scale_ = true;
}

void TileView::prepare(TileArt& art, bool labels) {
  if (!to_write_) return;
  to_write_ = false;
  seen_ = tile_.place;
  if (picture_) {
    prepare_picture();
  } else {
    content_ = art.without_picture(source_.id, source_.label, seen_size());
  }
  label_ = labels ? art.label(source_.label, seen_size()) : Overlay{};
}

void TileView::prepare_picture() {
  fitting_ = fit(picture_.size(), tile_);
  if (source_.screen) seen_ = fitting_.place;  // the background beside it
  scaled_ = VideoFrame{{fitting_.place.width, fitting_.place.height}};
  content_ = scaled_;
  to_scale_ = true;
  if (seen_ == fitting_.place) return;
  content_ = VideoFrame{seen_size()};
  fill(content_, {0, 0, seen_.width, seen_.height}, to_yuv(look::kBeside));
}

void TileView::scale() {
  if (!std::exchange(to_scale_, false) || !picture_) return;
  const Rect& place = fitting_.place;
  if (!scaler_.scale(picture_, fitting_.part, scaled_)) {
    fill(scaled_, {0, 0, place.width, place.height}, to_yuv(look::calm_colour(source_.id)));
  }
  if (content_.get() == scaled_.get()) return;
  draw(content_, scaled_, {place.x - seen_.x, place.y - seen_.y, place.width, place.height}, {});
}

void TileView::paint(const VideoFrame& canvas, const VideoFrame& background, const TileStyle& style) {
  stale_ = false;
  const bool is_round = has_round_corners(style);
  if (!on_top_) uncover(canvas, background, is_round ? style.round.radius : 0);
  draw(canvas, content_, seen_, is_round ? style.round : style.square);
  if (label_.size().width > 0) {
    const int margin = look::label_margin(style.canvas);
    blend(canvas, label_, seen_.x + margin, std::max(seen_.y, seen_.y + seen_.height - margin - label_.size().height));
  }
  // Around the only one that there is a frame would tell nothing.
  const bool is_whole = seen_.width == style.canvas.width && seen_.height == style.canvas.height;
  if (source_.speaking && !is_whole) {
    draw_ring(canvas, seen_, look::frame_width(style.canvas), to_yuv(look::kSpeaking),
              is_round ? style.speaking : style.square);
  } else if (on_top_) {
    draw_ring(canvas, seen_, look::kOutlineWidth, to_yuv(look::kBackground), is_round ? style.outline : style.square);
  }
}

/// Of a screen nothing is cut off, nor at the edge of the canvas.
bool TileView::has_round_corners(const TileStyle& style) const noexcept {
  const bool is_at_the_edge = seen_.x == 0 || seen_.y == 0 || seen_.x + seen_.width == style.canvas.width ||
                              seen_.y + seen_.height == style.canvas.height;
  return !source_.screen && !is_at_the_edge && 2 * style.round.radius <= std::min(seen_.width, seen_.height);
}

/// Brings back the background where this paint does not cover it.
void TileView::uncover(const VideoFrame& canvas, const VideoFrame& background, int radius) const {
  if (seen_ != tile_.place) return copy(canvas, background, tile_.place);
  for (const int x : std::array{seen_.x, seen_.x + seen_.width - radius}) {
    for (const int y : std::array{seen_.y, seen_.y + seen_.height - radius}) {
      copy(canvas, background, {x, y, radius, radius});
    }
  }
}

}  // namespace sluice::media
