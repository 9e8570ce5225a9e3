#include "frame_pool.h"

#include "ffmpeg.h"

namespace sluice::media {
namespace {

constexpr int kAlignment = 64;  // of rows, as FFmpeg's widest loops want them
constexpr int kPadding = 64;    // that they may read behind the last

}  // namespace

void FramePool::Free::operator()(AVBufferPool* pool) const noexcept { av_buffer_pool_uninit(&pool); }

FramePool::FramePool(Size size) : size_{size} {
  const int bytes = ffmpeg::check(av_image_get_buffer_size(AV_PIX_FMT_YUV420P, size.width, size.height, kAlignment),
                                  "pictures of that size");
  pool_.reset(av_buffer_pool_init(static_cast<std::size_t>(bytes) + kPadding, nullptr));
  if (!pool_) throw std::bad_alloc{};
}

VideoFrame FramePool::take() {
  auto frame = ffmpeg::owned<ffmpeg::FramePtr>(av_frame_alloc());
  frame->format = AV_PIX_FMT_YUV420P;
  frame->width = size_.width;
  frame->height = size_.height;
  // What canvas.h draws, so that players need not guess it from the size.
  frame->color_range = AVCOL_RANGE_MPEG;
  frame->colorspace = AVCOL_SPC_SMPTE170M;
  frame->buf[0] = av_buffer_pool_get(pool_.get());
  if (frame->buf[0] == nullptr) throw std::bad_alloc{};
  ffmpeg::check(av_image_fill_arrays(frame->data, frame->linesize, frame->buf[0]->data, AV_PIX_FMT_YUV420P, size_.width,
                                     size_.height, kAlignment),
                "a picture");
  frame->extended_data = frame->data;
  return VideoFrame{frame.release()};
}

}  // namespace sluice::media
