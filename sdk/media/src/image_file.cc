#include "image_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <span>

#include "ffmpeg.h"

namespace sluice::media {
namespace {

constexpr std::size_t kMaxImageBytes = std::size_t{32} << 20;
constexpr int kMaxImageSide = 8'192;

std::vector<std::uint8_t> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) ffmpeg::fail("cannot read the image " + path, AVERROR(errno != 0 ? errno : ENOENT));
  std::vector<std::uint8_t> data(kMaxImageBytes + 1);
  file.read(reinterpret_cast<char*>(data.data()), static_cast<std::streamsize>(data.size()));
  data.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (data.size() > kMaxImageBytes) ffmpeg::fail("the image " + path + " is too large", AVERROR(EFBIG));
  return data;
}

AVCodecID format_of(std::span<const std::uint8_t> data) {
  constexpr std::array<std::uint8_t, 4> kPng{0x89, 'P', 'N', 'G'};
  constexpr std::array<std::uint8_t, 3> kJpeg{0xff, 0xd8, 0xff};
  const auto begins_with = [data](std::span<const std::uint8_t> magic) {
    return data.size() >= magic.size() && std::ranges::equal(data.first(magic.size()), magic);
  };
  if (begins_with(kPng)) return AV_CODEC_ID_PNG;
  return begins_with(kJpeg) ? AV_CODEC_ID_MJPEG : AV_CODEC_ID_NONE;
}

ffmpeg::FramePtr decode(const std::string& path) {
  const std::string what = "cannot read the image " + path;
  const std::vector<std::uint8_t> data = read_file(path);
  const AVCodec* const codec = avcodec_find_decoder(format_of(data));
  if (codec == nullptr) throw MediaError{what + ": neither PNG nor JPEG", AVERROR_INVALIDDATA};
  const auto decoder = ffmpeg::owned<ffmpeg::CodecPtr>(avcodec_alloc_context3(codec));
  decoder->thread_count = 1;
  decoder->max_pixels = std::int64_t{kMaxImageSide} * kMaxImageSide;
  ffmpeg::check(avcodec_open2(decoder.get(), codec, nullptr), what);
  ffmpeg::check(avcodec_send_packet(decoder.get(), ffmpeg::padded(data).get()), what);
  ffmpeg::check(avcodec_send_packet(decoder.get(), nullptr), what);
  auto frame = ffmpeg::owned<ffmpeg::FramePtr>(av_frame_alloc());
  ffmpeg::check(avcodec_receive_frame(decoder.get(), frame.get()), what);
  return frame;
}

void convert(const AVFrame& from, RgbaImage& to, int flags) {
  const ffmpeg::ScalerPtr scaler{sws_getContext(from.width, from.height, static_cast<AVPixelFormat>(from.format),
                                                to.size.width, to.size.height, AV_PIX_FMT_RGBA, flags, nullptr, nullptr,
                                                nullptr)};
  if (!scaler) throw MediaError{"an image cannot be scaled", AVERROR(EINVAL)};
  auto out = ffmpeg::owned<ffmpeg::FramePtr>(av_frame_alloc());
  out->format = AV_PIX_FMT_RGBA;
  out->width = to.size.width;
  out->height = to.size.height;
  ffmpeg::check(av_frame_get_buffer(out.get(), 0), "an image");
  sws_scale(scaler.get(), from.data, from.linesize, 0, from.height, out->data, out->linesize);
  for (int y = 0; y < to.size.height; ++y) {
    const std::uint8_t* const row = out->data[0] + static_cast<std::ptrdiff_t>(y) * out->linesize[0];
    std::copy_n(row, static_cast<std::size_t>(to.size.width) * RgbaImage::kChannels, to.pixel(0, y));
  }
}

/// FFmpeg's colours are not multiplied by alpha.
void multiply_by_alpha(RgbaImage& image) {
  for (std::size_t i = 0; i < image.pixels.size(); i += RgbaImage::kChannels) {
    const int alpha = image.pixels[i + 3];
    for (std::size_t colour = i; colour < i + 3; ++colour) {
      image.pixels[colour] = static_cast<std::uint8_t>((image.pixels[colour] * alpha + 127) / 255);
    }
  }
}

}  // namespace

RgbaImage read_image(const std::string& path) {
  ffmpeg::quiet();
  const ffmpeg::FramePtr frame = decode(path);
  RgbaImage image{{frame->width, frame->height}};
  convert(*frame, image, SWS_POINT);
  multiply_by_alpha(image);
  return image;
}

RgbaImage scaled(const RgbaImage& image, Rect part, Size size) {
  auto from = ffmpeg::owned<ffmpeg::FramePtr>(av_frame_alloc());
  from->format = AV_PIX_FMT_RGBA;
  from->width = part.width;
  from->height = part.height;
  ffmpeg::check(av_frame_get_buffer(from.get(), 0), "an image");
  for (int y = 0; y < part.height; ++y) {
    std::copy_n(image.pixel(part.x, part.y + y), static_cast<std::size_t>(part.width) * RgbaImage::kChannels,
                from->data[0] + static_cast<std::ptrdiff_t>(y) * from->linesize[0]);
  }
  RgbaImage out{size};
  convert(*from, out, SWS_BICUBIC);
  return out;
}

}  // namespace sluice::media
