#include "tests/bench/media/png_file.h"

#include <fstream>

#include "sdk/media/src/ffmpeg.h"

namespace sluice::media::bench {
namespace {

ffmpeg::FramePtr to_rgb(const VideoFrame& picture) {
  const auto [width, height] = picture.size();
  auto rgb = ffmpeg::owned<ffmpeg::FramePtr>(av_frame_alloc());
  rgb->format = AV_PIX_FMT_RGB24;
  rgb->width = width;
  rgb->height = height;
  ffmpeg::check(av_frame_get_buffer(rgb.get(), 0), "a picture");
  const ffmpeg::ScalerPtr scaler{sws_getContext(width, height, AV_PIX_FMT_YUV420P, width, height, AV_PIX_FMT_RGB24,
                                                SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nullptr, nullptr,
                                                nullptr)};
  sws_scale(scaler.get(), picture.get()->data, picture.get()->linesize, 0, height, rgb->data, rgb->linesize);
  return rgb;
}

}  // namespace

void write_png(const VideoFrame& picture, const std::string& path) {
  const AVCodec* const codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
  const auto encoder = ffmpeg::owned<ffmpeg::CodecPtr>(avcodec_alloc_context3(codec));
  encoder->width = picture.size().width;
  encoder->height = picture.size().height;
  encoder->pix_fmt = AV_PIX_FMT_RGB24;
  encoder->time_base = {1, 1};
  encoder->compression_level = 9;
  av_opt_set(encoder->priv_data, "pred", "mixed", 0);
  ffmpeg::check(avcodec_open2(encoder.get(), codec, nullptr), path);
  ffmpeg::check(avcodec_send_frame(encoder.get(), to_rgb(picture).get()), path);
  const auto packet = ffmpeg::owned<ffmpeg::PacketPtr>(av_packet_alloc());
  ffmpeg::check(avcodec_receive_packet(encoder.get(), packet.get()), path);
  std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(packet->data), packet->size);
}

}  // namespace sluice::media::bench
