#include <algorithm>

#include "ffmpeg.h"
#include "picture_converter.h"
#include "sluice/media/coders.h"

namespace sluice::media {

using namespace ffmpeg;

namespace {

/// 2 (best) to 31.
constexpr int kJpegQuality = 4;

/// No wider than that, in the same proportion, both even.
Size fitting(Size size, int max_width) {
  if (max_width <= 0 || size.width <= max_width) return size;
  const auto height = static_cast<int>(av_rescale(size.height, max_width, size.width));
  return {std::max(max_width & ~1, 2), std::max(height & ~1, 2)};
}

}  // namespace

std::vector<std::uint8_t> encode_jpeg(const VideoFrame& frame, int max_width) {
  quiet();
  if (!frame) fail("a JPEG of no picture", AVERROR(EINVAL));
  const auto size = fitting(frame.size(), max_width);
  PictureConverter converter;
  const auto picture = converter.convert(*frame.get(), size, AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_JPEG);
  picture->quality = kJpegQuality * FF_QP2LAMBDA;
  picture->pts = 0;

  const auto* const codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  if (codec == nullptr) fail("JPEG", AVERROR_ENCODER_NOT_FOUND);
  const auto context = owned<CodecPtr>(avcodec_alloc_context3(codec));
  context->width = size.width;
  context->height = size.height;
  context->pix_fmt = AV_PIX_FMT_YUVJ420P;
  context->color_range = AVCOL_RANGE_JPEG;
  context->time_base = {1, 1};
  context->flags |= AV_CODEC_FLAG_QSCALE;
  context->global_quality = kJpegQuality * FF_QP2LAMBDA;
  context->thread_count = 1;
  check(avcodec_open2(context.get(), codec, nullptr), "JPEG");
  check(avcodec_send_frame(context.get(), picture.get()), "JPEG");
  const auto packet = owned<PacketPtr>(av_packet_alloc());
  check(avcodec_receive_packet(context.get(), packet.get()), "JPEG");
  return {packet->data, packet->data + packet->size};
}

}  // namespace sluice::media
