#include "picture_converter.h"

namespace sluice::media::ffmpeg {

namespace {

/// 0 to 255 instead of 16 to 235. The `j` formats are always so.
bool is_full_range(const AVFrame& frame) noexcept {
  return frame.color_range == AVCOL_RANGE_JPEG || frame.format == AV_PIX_FMT_YUVJ420P ||
         frame.format == AV_PIX_FMT_YUVJ422P || frame.format == AV_PIX_FMT_YUVJ444P;
}

}  // namespace

FramePtr make_picture(Size size, AVPixelFormat format) {
  const auto fits =
      size.width > 0 && size.height > 0 && size.width <= kMaxPicture.width && size.height <= kMaxPicture.height;
  if (!fits) {
    fail("a picture of " + std::to_string(size.width) + "x" + std::to_string(size.height), AVERROR(EINVAL));
  }
  auto picture = owned<FramePtr>(av_frame_alloc());
  picture->width = size.width;
  picture->height = size.height;
  picture->format = format;
  check(av_frame_get_buffer(picture.get(), 0), "a picture");
  return picture;
}

FramePtr PictureConverter::convert(const AVFrame& from, Size size, AVPixelFormat format, AVColorRange range) {
  prepare({.from_size = {from.width, from.height},
           .from_format = from.format,
           .from_full = is_full_range(from),
           .size = size,
           .format = format,
           .full = range == AVCOL_RANGE_JPEG});
  auto picture = make_picture(size, format);
  check(sws_scale(scaler_.get(), from.data, from.linesize, 0, from.height, picture->data, picture->linesize),
        "a picture's conversion");
  picture->color_range = range;
  picture->pts = from.pts;
  return picture;
}

void PictureConverter::prepare(const Way& way) {
  if (scaler_ && way == way_) return;
  way_ = way;
  scaler_ = owned<ScalerPtr>(sws_alloc_context());
  // By options, since the shorter functions settle how to convert before they are told the ranges.
  const auto set = [this](const char* name, int value) {
    check(av_opt_set_int(scaler_.get(), name, value, 0), "a picture's conversion");
  };
  set("srcw", way.from_size.width);
  set("srch", way.from_size.height);
  set("src_format", way.from_format);
  set("src_range", way.from_full ? 1 : 0);
  set("dstw", way.size.width);
  set("dsth", way.size.height);
  set("dst_format", way.format);
  set("dst_range", way.full ? 1 : 0);
  set("sws_flags", SWS_BILINEAR);
  const auto code = sws_init_context(scaler_.get(), nullptr, nullptr);
  if (code >= 0) return;
  scaler_.reset();
  fail("a picture's conversion", code);
}

}  // namespace sluice::media::ffmpeg
