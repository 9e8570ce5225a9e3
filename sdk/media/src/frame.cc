#include "sluice/media/frame.h"

#include <algorithm>
#include <span>

#include "ffmpeg.h"
#include "picture_converter.h"

namespace sluice::media {

namespace {

constexpr std::uint8_t kBlackLuma = 16;  // limited range
constexpr std::uint8_t kNoColour = 128;

}  // namespace

VideoFrame::VideoFrame(Size size) : VideoFrame{ffmpeg::make_picture(size, AV_PIX_FMT_YUV420P).release()} {
  for (int i = 0; i < 3; ++i) {
    const auto [data, stride, plane_size] = plane(i);
    const auto bytes = static_cast<std::size_t>(stride) * static_cast<std::size_t>(plane_size.height);
    std::ranges::fill(std::span{data, bytes}, i == 0 ? kBlackLuma : kNoColour);
  }
}

VideoFrame::VideoFrame(AVFrame* frame) : frame_{frame, ffmpeg::Free<av_frame_free>{}} {}

Size VideoFrame::size() const noexcept { return frame_ ? Size{frame_->width, frame_->height} : Size{}; }

VideoFrame::Plane VideoFrame::plane(int index) const noexcept {
  const auto [width, height] = size();
  const auto plane_size = index == 0 ? Size{width, height} : Size{(width + 1) / 2, (height + 1) / 2};
  return {frame_->data[index], frame_->linesize[index], plane_size};
}

}  // namespace sluice::media
