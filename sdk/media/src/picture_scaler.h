#pragma once

#include "sluice/media/frame.h"
#include "sluice/media/layout.h"

struct SwsContext;

namespace sluice::media {

/// Scales the pictures of one source, of any size and now and then another one, by libswscale.
/// @note One thread at a time, but not always the same.
class PictureScaler {
 public:
  PictureScaler() noexcept = default;
  PictureScaler(PictureScaler&& other) noexcept;
  PictureScaler& operator=(PictureScaler&& other) noexcept;
  ~PictureScaler();

  /// @param part  Of `picture`: within it, its corner even.
  /// @param to    The result is of that size.
  /// @return false: libswscale does not take such sizes.
  [[nodiscard]] bool scale(const VideoFrame& picture, Rect part, const VideoFrame& to);

 private:
  SwsContext* context_ = nullptr;
};

}  // namespace sluice::media
