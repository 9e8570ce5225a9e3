#pragma once

#include <string>

#include "canvas.h"
#include "fitting.h"
#include "picture_scaler.h"
#include "tile_art.h"

namespace sluice::media {

/// The lines and corners that all tiles of a canvas share.
struct TileStyle {
  explicit TileStyle(Size of)
      : canvas{of},
        round{round_corner(look::radius(of))},
        speaking{ring_corner(look::radius(of), look::frame_width(of))},
        outline{ring_corner(look::radius(of), look::kOutlineWidth)} {}
  Size canvas;
  CornerMask square{};
  CornerMask round;
  CornerMask speaking;
  CornerMask outline;
};

/// One source in its tile: what is seen there, and whether that has changed since it was painted.
class TileView {
 public:
  /// @param on_top  It lies over another tile.
  void place(const Tile& tile, const SceneSource& source, bool on_top);
  /// Empty: the initials instead.
  void show(const VideoFrame& picture);
  /// To be painted though nothing has changed in it.
  void touch() noexcept { stale_ = true; }

  [[nodiscard]] const std::string& id() const noexcept { return source_.id; }
  [[nodiscard]] const Rect& bounds() const noexcept { return tile_.place; }
  [[nodiscard]] bool has_video() const noexcept { return source_.has_video; }
  [[nodiscard]] bool is_on_top() const noexcept { return on_top_; }
  [[nodiscard]] bool is_stale() const noexcept { return stale_; }

  // To paint: prepare(), scale(), paint(), each once.

  /// Draws what is written. One view at a time.
  void prepare(TileArt& art, bool labels);
  /// What costs most. Views at the same time.
  void scale();
  /// Views that do not overlap at the same time. `background` is what is seen where no tile is.
  void paint(const VideoFrame& canvas, const VideoFrame& background, const TileStyle& style);

 private:
  [[nodiscard]] Size seen_size() const noexcept { return {seen_.width, seen_.height}; }
  void prepare_picture();
  [[nodiscard]] bool has_round_corners(const TileStyle& style) const noexcept;
  void uncover(const VideoFrame& canvas, const VideoFrame& background, int radius) const;

  Tile tile_;
  SceneSource source_;
  bool on_top_ = false;
  VideoFrame picture_;
  Fitting fitting_;     // of the picture in the tile
  Rect seen_;           // the tile, or what a screen takes of it
  VideoFrame scaled_;   // the picture, of the size of fitting_.place
  VideoFrame content_;  // of the size of seen_; the same as scaled_ where that fills it
  PictureScaler scaler_;
  Overlay label_;
  bool stale_ = true;
  bool to_scale_ = false;
  bool to_write_ = true;  // the label, and initials
};

}  // namespace sluice::media
