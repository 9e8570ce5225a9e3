#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/media/frame.h"
#include "sluice/media/layout.h"
#include "sluice/media/media_file.h"

namespace sluice::media {

struct CompositorOptions {
  Size canvas{1280, 720};
  LayoutKind layout = LayoutKind::grid;
  bool labels = true;
  std::string title{};             ///< shown while nobody is there (a slate)
  std::string background_image{};  ///< path of a PNG or JPEG, scaled to fill; empty: a plain colour
  std::string watermark_image{};   ///< path of a PNG or JPEG, its transparency kept; empty: none
  enum class Corner : std::uint8_t { top_left, top_right, bottom_left, bottom_right };
  Corner watermark_corner = Corner::top_right;
  double watermark_opacity = 0.8;  ///< 0 to 1
  std::string font_file{};         ///< empty: the system's default sans serif
  int threads = 0;                 ///< that scale and draw; 0: as many as there are cores
};

/// Draws a scene of participants into one picture. Sources come, go and change their size at any time; the last picture
/// of each stays until the next.
/// @note One thread at a time.
class Compositor {
 public:
  /// Throws MediaError where an image or the font cannot be read.
  explicit Compositor(const CompositorOptions& options);
  Compositor(Compositor&&) noexcept;
  Compositor& operator=(Compositor&&) noexcept;
  ~Compositor();

  void set_layout(LayoutKind layout);
  /// What is drawn from the next compose() on. Pictures of sources that are not in it are forgotten.
  void set_scene(std::vector<SceneSource> scene);
  /// The newest picture of a source of the scene; of another one it is ignored.
  void set_picture(const std::string& source, VideoFrame picture);
  /// Which sources are drawn now: others need not be decoded.
  [[nodiscard]] std::vector<std::string> visible() const;
  /// A picture of its own, pts not set. Where nothing has changed since the last one: the same picture again.
  [[nodiscard]] VideoFrame compose();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::media
