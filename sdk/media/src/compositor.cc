#include "sluice/media/compositor.h"

#include <algorithm>
#include <cerrno>
#include <thread>
#include <unordered_map>
#include <utility>

#include "crew.h"
#include "ffmpeg.h"
#include "fitting.h"
#include "frame_pool.h"
#include "image_file.h"
#include "look.h"
#include "tile_art.h"
#include "tile_view.h"

namespace sluice::media {
namespace {

constexpr int kSmallestCanvas = 64;
constexpr int kLargestCanvas = 8'192;
/// Of a source: larger ones are no picture of a camera or a screen.
constexpr int kLargestPicture = 16'384;
constexpr int kMaxThreads = 16;

int threads_of(int wanted) {
  const int threads = wanted > 0 ? wanted : static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(threads, 1, kMaxThreads);
}

Size checked_canvas(Size size) {
  const auto is_good = [](int side) { return side >= kSmallestCanvas && side <= kLargestCanvas && side % 2 == 0; };
  if (is_good(size.width) && is_good(size.height)) return size;
  throw MediaError{"a canvas has even sides of " + std::to_string(kSmallestCanvas) + " to " +
                       std::to_string(kLargestCanvas) + " pixels",
                   AVERROR(EINVAL)};
}

bool is_picture(Size size) {
  return std::min(size.width, size.height) >= 2 && std::max(size.width, size.height) <= kLargestPicture;
}

Rect whole(Size size) { return {0, 0, size.width, size.height}; }

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

VideoFrame background_of(const CompositorOptions& options) {
  VideoFrame background{options.canvas};
  fill(background, whole(options.canvas), to_yuv(look::kBackground));
  if (options.background_image.empty()) return background;
  const RgbaImage image = read_image(options.background_image);
  blend(background, Overlay{scaled(image, centre_crop(image.size, options.canvas), options.canvas)}, 0, 0);
  return background;
}

/// An image in a corner of the canvas.
struct Watermark {
  Overlay overlay;
  int x = 0;
  int y = 0;
};

Watermark watermark_of(const CompositorOptions& options) {
  if (options.watermark_image.empty()) return {};
  RgbaImage image = read_image(options.watermark_image);
  const Size most = look::largest_watermark(options.canvas);
  if (image.size.width > most.width || image.size.height > most.height) {
    const Rect smaller = centre_fit(image.size, whole(most));
    image = scaled(image, whole(image.size), {smaller.width, smaller.height});
  }
  image.fade(std::clamp(options.watermark_opacity, 0.0, 1.0));
  using Corner = CompositorOptions::Corner;
  const Corner corner = options.watermark_corner;
  const int margin = look::watermark_margin(options.canvas);
  const bool is_left = corner == Corner::top_left || corner == Corner::bottom_left;
  const bool is_top = corner == Corner::top_left || corner == Corner::top_right;
  return {Overlay{image}, is_left ? margin : look::even(options.canvas.width - margin - image.size.width),
          is_top ? margin : look::even(options.canvas.height - margin - image.size.height)};
}

}  // namespace

class Compositor::Impl {
 public:
  explicit Impl(const CompositorOptions& options)
      : options_{options},
        canvas_{checked_canvas(options.canvas)},
        art_{options.canvas, options.font_file},
        style_{options.canvas},
        background_{background_of(options)},
        watermark_{watermark_of(options)},
        pool_{options.canvas},
        crew_{threads_of(options.threads)} {}

  void set_layout(LayoutKind layout) {
    if (layout == options_.layout) return;
    options_.layout = layout;
    to_arrange_ = true;
  }

  void set_scene(std::vector<SceneSource> scene) {
    if (scene == scene_) return;
    scene_ = std::move(scene);
    to_arrange_ = true;
    std::unordered_map<std::string, VideoFrame> kept;
    for (const SceneSource& source : scene_) {
      if (source.has_video) kept.try_emplace(source.id, std::move(pictures_[source.id]));
    }
    pictures_ = std::move(kept);
  }

  void set_picture(const std::string& source, VideoFrame picture) {
    const auto found = pictures_.find(source);
    if (found == pictures_.end() || !is_picture(picture.size())) return;
    found->second = std::move(picture);
    for (TileView& view : views_) {
      if (view.id() == source && view.has_video()) view.show(found->second);
    }
  }

  [[nodiscard]] std::vector<std::string> visible() {
    arrange_views();
    std::vector<std::string> ids;
    for (const TileView& view : views_) {
      if (view.has_video()) ids.push_back(view.id());
    }
    return ids;
  }

  [[nodiscard]] VideoFrame compose() {
    arrange_views();
    if (to_paint_all_) paint_background();
    const std::vector<TileView*> stale = stale_views();
    if (stale.empty() && !to_paint_all_) return last_;
    to_paint_all_ = false;
    paint(stale);
    last_ = pool_.take();
    copy(last_, canvas_, whole(options_.canvas));
    blend(last_, watermark_.overlay, watermark_.x, watermark_.y);
    return last_;
  }

 private:
  void arrange_views() {
    if (!std::exchange(to_arrange_, false)) return;
    const std::vector<Tile> tiles = arrange(options_.layout, scene_, options_.canvas);
    std::vector<TileView> old = std::exchange(views_, {});
    to_paint_all_ = to_paint_all_ || !std::ranges::equal(tiles, old, {}, &Tile::place, &TileView::bounds);
    for (const Tile& tile : tiles) {
      const SceneSource& source = scene_[tile.source];
      TileView view = take_view(old, source.id);
      const bool on_top =
          std::ranges::any_of(views_, [&](const TileView& below) { return overlap(below.bounds(), tile.place); });
      view.place(tile, source, on_top);
      view.show(source.has_video ? pictures_[source.id] : VideoFrame{});
      views_.push_back(std::move(view));
    }
  }

  /// What a source has shown so far, or nothing yet.
  static TileView take_view(std::vector<TileView>& views, const std::string& id) {
    const auto found = std::ranges::find(views, id, &TileView::id);
    if (found == views.end()) return {};
    TileView view = std::move(*found);
    views.erase(found);
    return view;
  }

  void paint_background() {
    copy(canvas_, background_, whole(options_.canvas));
    for (TileView& view : views_) view.touch();
    if (!views_.empty()) return;
    const Overlay title = art_.title(options_.title);
    const Size size = title.size();
    blend(canvas_, title, look::even((options_.canvas.width - size.width) / 2),
          look::even((options_.canvas.height - size.height) / 2));
  }

  /// Views that overlap are painted together: the lower first, whole, then the upper.
  std::vector<TileView*> stale_views() {
    for (TileView& upper : views_) {
      if (!upper.is_on_top()) continue;
      for (TileView& lower : views_) {
        if (&lower == &upper || !overlap(lower.bounds(), upper.bounds())) continue;
        if (!lower.is_stale() && !upper.is_stale()) continue;
        lower.touch();
        upper.touch();
      }
    }
    std::vector<TileView*> stale;
    for (TileView& view : views_) {
      if (view.is_stale()) stale.push_back(&view);
    }
    return stale;
  }

  void paint(const std::vector<TileView*>& stale) {
    for (TileView* view : stale) view->prepare(art_, options_.labels);
    crew_.run(stale.size(), [&](std::size_t i) {
      stale[i]->scale();
      if (!stale[i]->is_on_top()) stale[i]->paint(canvas_, background_, style_);
    });
    for (TileView* view : stale) {
      if (view->is_on_top()) view->paint(canvas_, background_, style_);
    }
  }

  CompositorOptions options_;
  VideoFrame canvas_;  // without the watermark; nobody else's
  TileArt art_;
  TileStyle style_;
  VideoFrame background_;
  Watermark watermark_;
  FramePool pool_;
  Crew crew_;
  std::vector<SceneSource> scene_;
  std::unordered_map<std::string, VideoFrame> pictures_;  // an entry for each source of the scene that has video
  std::vector<TileView> views_;                           // in the order in which they are drawn
  VideoFrame last_;
  bool to_arrange_ = true;
  bool to_paint_all_ = true;
};

Compositor::Compositor(const CompositorOptions& options) : impl_{std::make_unique<Impl>(options)} {}
Compositor::Compositor(Compositor&&) noexcept = default;
Compositor& Compositor::operator=(Compositor&&) noexcept = default;
Compositor::~Compositor() = default;

void Compositor::set_layout(LayoutKind layout) { impl_->set_layout(layout); }
void Compositor::set_scene(std::vector<SceneSource> scene) { impl_->set_scene(std::move(scene)); }
void Compositor::set_picture(const std::string& source, VideoFrame picture) {
  impl_->set_picture(source, std::move(picture));
}
std::vector<std::string> Compositor::visible() const { return impl_->visible(); }
VideoFrame Compositor::compose() { return impl_->compose(); }

}  // namespace sluice::media
