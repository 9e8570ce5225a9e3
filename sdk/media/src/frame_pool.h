#pragma once

#include <memory>

#include "sluice/media/frame.h"

struct AVBufferPool;

namespace sluice::media {

/// Pictures of one size whose memory is used again when nobody holds them any more.
class FramePool {
 public:
  explicit FramePool(Size size);
  /// With whatever was in it. May outlive the pool.
  [[nodiscard]] VideoFrame take();

 private:
  struct Free {
    void operator()(AVBufferPool* pool) const noexcept;
  };
  Size size_;
  std::unique_ptr<AVBufferPool, Free> pool_;
};

}  // namespace sluice::media
