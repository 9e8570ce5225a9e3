#include <utility>

#include "ffmpeg.h"
#include "picture_converter.h"
#include "sluice/media/coders.h"

namespace sluice::media {

using namespace ffmpeg;

namespace {

/// FFmpeg's own decoders of H264, VP8 and VP9 are the quickest; of AV1 it has none that works without hardware.
const AVCodec* find_decoder(Codec codec) {
  if (codec == Codec::av1) {
    if (const auto* const dav1d = avcodec_find_decoder_by_name("libdav1d")) return dav1d;
  }
  return avcodec_find_decoder(id_of(codec));
}

}  // namespace

class VideoDecoder::Impl {
 public:
  Impl(const TrackFormat& format, int threads);
  [[nodiscard]] std::vector<VideoFrame> decode(const Packet& packet);
  [[nodiscard]] std::vector<VideoFrame> finish();
  [[nodiscard]] std::uint64_t errors() const noexcept { return errors_; }

 private:
  [[nodiscard]] std::vector<VideoFrame> take();
  [[nodiscard]] std::optional<VideoFrame> to_own(FramePtr frame);

  CodecPtr context_;
  PictureConverter converter_;
  std::uint64_t errors_ = 0;
};

VideoDecoder::Impl::Impl(const TrackFormat& format, int threads) {
  quiet();
  const auto* const decoder = is_video(format.codec) ? find_decoder(format.codec) : nullptr;
  if (decoder == nullptr) fail("a decoder of video", AVERROR_DECODER_NOT_FOUND);
  context_ = owned<CodecPtr>(avcodec_alloc_context3(decoder));
  const auto parameters =
      owned<std::unique_ptr<AVCodecParameters, Free<avcodec_parameters_free>>>(avcodec_parameters_alloc());
  to_parameters(format, *parameters);
  parameters->width = parameters->height = 0;  // the stream itself tells
  check(avcodec_parameters_to_context(context_.get(), parameters.get()), decoder->name);
  context_->pkt_timebase = kMicroseconds;
  context_->max_pixels = std::int64_t{kMaxPicture.width} * kMaxPicture.height;
  context_->thread_count = threads;
  // dav1d would hold back as many pictures as it has threads, and one more.
  if (threads == 1) context_->flags |= AV_CODEC_FLAG_LOW_DELAY;
  check(avcodec_open2(context_.get(), decoder, nullptr), decoder->name);
}

std::vector<VideoFrame> VideoDecoder::Impl::decode(const Packet& packet) {
  if (packet.data.empty() || packet.data.size() > kMaxPacketBytes) {  // empty would mean the end
    ++errors_;
    return {};
  }
  const auto in = to_packet(packet, kMicroseconds);
  if (avcodec_send_packet(context_.get(), in.get()) < 0) ++errors_;
  return take();
}

std::vector<VideoFrame> VideoDecoder::Impl::finish() {
  avcodec_send_packet(context_.get(), nullptr);
  auto frames = take();
  avcodec_flush_buffers(context_.get());
  return frames;
}

std::vector<VideoFrame> VideoDecoder::Impl::take() {
  std::vector<VideoFrame> frames;
  while (true) {
    auto frame = owned<FramePtr>(av_frame_alloc());
    const auto code = avcodec_receive_frame(context_.get(), frame.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return frames;
    auto own = code < 0 ? std::nullopt : to_own(std::move(frame));
    if (own) frames.push_back(std::move(*own));
    if (!own) ++errors_;
    if (code < 0) return frames;
  }
}

std::optional<VideoFrame> VideoDecoder::Impl::to_own(FramePtr frame) {
  if (frame->width > kMaxPicture.width || frame->height > kMaxPicture.height) return std::nullopt;
  const MediaTime pts{frame->best_effort_timestamp == AV_NOPTS_VALUE ? 0 : frame->best_effort_timestamp};
  if (frame->format != AV_PIX_FMT_YUV420P || frame->color_range == AVCOL_RANGE_JPEG) {
    try {
      frame = converter_.convert(*frame, {frame->width, frame->height}, AV_PIX_FMT_YUV420P);
    } catch (const MediaError&) {
      return std::nullopt;
    }
  }
  VideoFrame own{frame.release()};
  own.pts = pts;
  return own;
}

VideoDecoder::VideoDecoder(const TrackFormat& format, int threads) : impl_{std::make_unique<Impl>(format, threads)} {}
VideoDecoder::VideoDecoder(VideoDecoder&&) noexcept = default;
VideoDecoder& VideoDecoder::operator=(VideoDecoder&&) noexcept = default;
VideoDecoder::~VideoDecoder() = default;
std::vector<VideoFrame> VideoDecoder::decode(const Packet& packet) { return impl_->decode(packet); }
std::vector<VideoFrame> VideoDecoder::finish() { return impl_->finish(); }
std::uint64_t VideoDecoder::errors() const noexcept { return impl_->errors(); }

}  // namespace sluice::media
