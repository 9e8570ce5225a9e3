#include "picture_scaler.h"

#include <array>
#include <utility>

#include "ffmpeg.h"

namespace sluice::media {

PictureScaler::PictureScaler(PictureScaler&& other) noexcept : context_{std::exchange(other.context_, nullptr)} {}

PictureScaler& PictureScaler::operator=(PictureScaler&& other) noexcept {
  std::swap(context_, other.context_);
  return *this;
}

PictureScaler::~PictureScaler() { sws_freeContext(context_); }

bool PictureScaler::scale(const VideoFrame& picture, Rect part, const VideoFrame& to) {
  // The same context as long as the sizes stay.
  context_ = sws_getCachedContext(context_, part.width, part.height, AV_PIX_FMT_YUV420P, to.size().width,
                                  to.size().height, AV_PIX_FMT_YUV420P, SWS_BILINEAR, nullptr, nullptr, nullptr);
  if (context_ == nullptr) return false;
  std::array<const std::uint8_t*, 4> source{};
  std::array<int, 4> source_strides{};
  std::array<std::uint8_t*, 4> target{};
  std::array<int, 4> target_strides{};
  for (int index = 0; index < 3; ++index) {
    const auto i = static_cast<std::size_t>(index);
    const VideoFrame::Plane from = picture.plane(index);
    const VideoFrame::Plane into = to.plane(index);
    const int scale = index == 0 ? 1 : 2;
    source[i] = from.data + static_cast<std::ptrdiff_t>(part.y / scale) * from.stride + part.x / scale;
    source_strides[i] = from.stride;
    target[i] = into.data;
    target_strides[i] = into.stride;
  }
  return sws_scale(context_, source.data(), source_strides.data(), 0, part.height, target.data(),
                   target_strides.data()) == to.size().height;
}

}  // namespace sluice::media
