#include <algorithm>
#include <array>
#include <utility>

#include "ffmpeg.h"
#include "picture_converter.h"
#include "sluice/media/coders.h"

namespace sluice::media {

using namespace ffmpeg;

namespace {

/// Frames between key frames that come by themselves: never, since they are asked for at their time.
constexpr int kNoKeyFrames = 1 << 30;
/// A frame's pts may be that much before the time of the key frame that it is: times of frames are rounded.
constexpr MediaTime kKeyFrameTolerance = std::chrono::milliseconds{1};

std::string available_encoders() {
  std::string names;
  void* at = nullptr;
  while (const auto* const codec = av_codec_iterate(&at)) {
    const auto own = codec_of(codec->id);
    if (av_codec_is_encoder(codec) == 0 || !own || !is_video(*own)) continue;
    names += (names.empty() ? "" : ", ") + std::string{codec->name};
  }
  return names;
}

[[noreturn]] void fail_to_begin(const VideoEncoderOptions& options, std::string_view why, int code) {
  fail("the video encoder " + options.encoder + (options.device.empty() ? "" : " on " + options.device) +
           " cannot be used (" + std::string{why} + "). FFmpeg was built with these: " + available_encoders() +
           "; those of hardware need its driver and device. libx264 needs neither",
       code);
}

/// The first of ours that the encoder takes from memory; none: it takes only what is in its device.
AVPixelFormat format_in_memory(const AVCodec& codec) {
  if (codec.pix_fmts == nullptr) return AV_PIX_FMT_YUV420P;
  for (const auto wanted : {AV_PIX_FMT_YUV420P, AV_PIX_FMT_NV12}) {
    for (const auto* format = codec.pix_fmts; *format != AV_PIX_FMT_NONE; ++format) {
      if (*format == wanted) return wanted;
    }
  }
  return AV_PIX_FMT_NONE;
}

std::optional<AVHWDeviceType> device_of(std::string_view encoder) {
  if (encoder.ends_with("_vaapi")) return AV_HWDEVICE_TYPE_VAAPI;
  if (encoder.ends_with("_qsv")) return AV_HWDEVICE_TYPE_QSV;
  if (encoder.ends_with("_nvenc")) return AV_HWDEVICE_TYPE_CUDA;
  return std::nullopt;
}

}  // namespace

class VideoEncoder::Impl {
 public:
  explicit Impl(const VideoEncoderOptions& options);
  [[nodiscard]] const TrackFormat& format() const noexcept { return format_; }
  [[nodiscard]] std::vector<Packet> encode(const VideoFrame& frame, bool key_frame);
  [[nodiscard]] std::vector<Packet> finish();

 private:
  void set_rate();
  void set_options_of_encoder(Dictionary& options) const;
  void open_device(const AVCodec& codec);
  [[nodiscard]] FramePtr to_input(const VideoFrame& frame);
  [[nodiscard]] bool is_key_frame_due(MediaTime pts);
  [[nodiscard]] std::vector<Packet> take();

  VideoEncoderOptions options_;
  CodecPtr context_;
  AVPixelFormat memory_format_ = AV_PIX_FMT_NONE;
  PictureConverter converter_;
  TrackFormat format_;
  std::optional<MediaTime> last_pts_;
  std::optional<MediaTime> next_key_frame_;
};

VideoEncoder::Impl::Impl(const VideoEncoderOptions& options) : options_{options} {
  quiet();
  const auto* const codec = avcodec_find_encoder_by_name(options_.encoder.c_str());
  const auto own = codec == nullptr ? std::nullopt : codec_of(codec->id);
  if (!own || !is_video(*own)) fail_to_begin(options_, "there is none of that name", AVERROR_ENCODER_NOT_FOUND);
  if (options_.frames_per_second <= 0 || options_.key_frame_interval <= MediaTime::zero()) {
    fail_to_begin(options_, "frames per second and the key frame interval must be positive", AVERROR(EINVAL));
  }
  context_ = owned<CodecPtr>(avcodec_alloc_context3(codec));
  context_->width = options_.size.width;
  context_->height = options_.size.height;
  context_->time_base = kMicroseconds;
  context_->framerate = {options_.frames_per_second, 1};
  context_->sample_aspect_ratio = {1, 1};
  context_->color_range = AVCOL_RANGE_MPEG;
  context_->color_primaries = AVCOL_PRI_BT709;
  context_->color_trc = AVCOL_TRC_BT709;
  context_->colorspace = AVCOL_SPC_SMPTE170M;  // BT.601, as browsers make of what they capture
  context_->gop_size = kNoKeyFrames;
  // libvpx chooses none by itself where both are the same.
  if (options_.encoder.starts_with("libvpx")) context_->keyint_min = kNoKeyFrames;
  context_->thread_count = options_.threads;
  context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (options_.low_delay) context_->max_b_frames = 0;
  memory_format_ = format_in_memory(*codec);
  context_->pix_fmt = memory_format_;
  set_rate();
  open_device(*codec);

  Dictionary of_encoder;
  set_options_of_encoder(of_encoder);
  if (const auto code = avcodec_open2(context_.get(), codec, of_encoder.get()); code < 0) {
    fail_to_begin(options_, "it does not open: is the hardware there, are size and preset its own?", code);
  }
  format_ = {.codec = *own, .size = options_.size};
  format_.extradata.assign(context_->extradata, context_->extradata + std::max(context_->extradata_size, 0));
}

void VideoEncoder::Impl::set_rate() {
  const auto rate = options_.bitrate.bps();
  context_->rc_max_rate = rate;
  // A second of it; less where nobody waits for a buffer to fill.
  context_->rc_buffer_size = static_cast<int>(std::min<std::int64_t>(options_.low_delay ? rate / 2 : rate, 1 << 30));
  if (!options_.quality || options_.encoder != "libx264") context_->bit_rate = rate;
}

void VideoEncoder::Impl::set_options_of_encoder(Dictionary& options) const {
  const std::string_view name = options_.encoder;
  if (name.starts_with("libvpx")) {
    options.set("deadline", options_.low_delay ? "realtime" : "good");
    options.set("cpu-used", std::int64_t{options_.low_delay ? 8 : 4});
    options.set("auto-alt-ref", std::int64_t{0});  // no frames that are not shown
    if (options_.low_delay) options.set("lag-in-frames", std::int64_t{0});
    if (name == "libvpx-vp9") options.set("row-mt", std::int64_t{1});
    return;
  }
  // Those of hardware have presets of their own names; what an encoder does not know it leaves.
  const auto is_x264 = name == "libx264";
  const auto known = av_opt_set(context_->priv_data, "preset", options_.preset.c_str(), 0);
  if (is_x264 && known < 0) fail_to_begin(options_, "the preset", known);
  options.set("forced-idr", std::int64_t{1});
  if (!is_x264) return;
  options.set("profile", "high");
  options.set("sc_threshold", std::int64_t{0});
  if (options_.quality) options.set("crf", std::int64_t{*options_.quality});
  if (options_.low_delay) options.set("tune", "zerolatency");
}

void VideoEncoder::Impl::open_device(const AVCodec& codec) {
  const auto type = device_of(options_.encoder);
  if (!type || (options_.device.empty() && memory_format_ != AV_PIX_FMT_NONE)) return;
  AVBufferRef* made = nullptr;
  const auto* const device = options_.device.empty() ? nullptr : options_.device.c_str();
  if (const auto code = av_hwdevice_ctx_create(&made, *type, device, nullptr, 0); code < 0) {
    fail_to_begin(options_, "its device does not open", code);
  }
  BufferPtr owner{made};
  context_->hw_device_ctx = av_buffer_ref(owner.get());
  if (memory_format_ != AV_PIX_FMT_NONE) return;

  constexpr int kPictures = 20;  // in the device at once: look-ahead and references
  auto frames = owned<BufferPtr>(av_hwframe_ctx_alloc(owner.get()));
  // FFmpeg hands out its contexts in buffers of octets.
  auto& pool = *reinterpret_cast<AVHWFramesContext*>(frames->data);
  pool.format = codec.pix_fmts[0];
  pool.sw_format = memory_format_ = AV_PIX_FMT_NV12;
  pool.width = options_.size.width;
  pool.height = options_.size.height;
  pool.initial_pool_size = kPictures;
  context_->pix_fmt = pool.format;
  if (const auto code = av_hwframe_ctx_init(frames.get()); code < 0) {
    fail_to_begin(options_, "its device has no room for pictures", code);
  }
  context_->hw_frames_ctx = frames.release();
}

std::vector<Packet> VideoEncoder::Impl::encode(const VideoFrame& frame, bool key_frame) {
  if (frame.size() != options_.size) fail("a picture of another size than the encoder's", AVERROR(EINVAL));
  if (last_pts_ && frame.pts <= *last_pts_) fail("pictures whose times do not grow", AVERROR(EINVAL));
  last_pts_ = frame.pts;
  const auto input = to_input(frame);
  input->pts = frame.pts.count();
  const auto is_due = is_key_frame_due(frame.pts);
  input->pict_type = is_due || key_frame ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  check(avcodec_send_frame(context_.get(), input.get()), options_.encoder);
  return take();
}

FramePtr VideoEncoder::Impl::to_input(const VideoFrame& frame) {
  auto input = memory_format_ == AV_PIX_FMT_YUV420P ? owned<FramePtr>(av_frame_clone(frame.get()))
                                                    : converter_.convert(*frame.get(), options_.size, memory_format_);
  input->color_range = AVCOL_RANGE_MPEG;
  if (context_->hw_frames_ctx == nullptr) return input;
  auto uploaded = owned<FramePtr>(av_frame_alloc());
  check(av_hwframe_get_buffer(context_->hw_frames_ctx, uploaded.get(), 0), options_.encoder);
  check(av_hwframe_transfer_data(uploaded.get(), input.get(), 0), options_.encoder);
  return uploaded;
}

/// Key frames stand on a grid from the first frame on, whatever is asked for between.
bool VideoEncoder::Impl::is_key_frame_due(MediaTime pts) {
  if (!next_key_frame_) next_key_frame_ = pts;
  if (pts + kKeyFrameTolerance < *next_key_frame_) return false;
  const auto behind = (pts + kKeyFrameTolerance - *next_key_frame_) / options_.key_frame_interval;
  *next_key_frame_ += (behind + 1) * options_.key_frame_interval;
  return true;
}

std::vector<Packet> VideoEncoder::Impl::finish() {
  check(avcodec_send_frame(context_.get(), nullptr), options_.encoder);
  return take();
}

std::vector<Packet> VideoEncoder::Impl::take() {
  std::vector<Packet> packets;
  const auto packet = owned<PacketPtr>(av_packet_alloc());
  while (true) {
    const auto code = avcodec_receive_packet(context_.get(), packet.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return packets;
    check(code, options_.encoder);
    auto& own = packets.emplace_back();
    own.data.assign(packet->data, packet->data + packet->size);
    own.pts = MediaTime{packet->pts};
    own.dts = MediaTime{packet->dts == AV_NOPTS_VALUE ? packet->pts : packet->dts};
    own.duration = packet->duration > 0 ? MediaTime{packet->duration}
                                        : MediaTime{std::chrono::seconds{1}} / options_.frames_per_second;
    own.key_frame = (packet->flags & AV_PKT_FLAG_KEY) != 0;
    av_packet_unref(packet.get());
  }
}

VideoEncoder::VideoEncoder(const VideoEncoderOptions& options) : impl_{std::make_unique<Impl>(options)} {}
VideoEncoder::VideoEncoder(VideoEncoder&&) noexcept = default;
VideoEncoder& VideoEncoder::operator=(VideoEncoder&&) noexcept = default;
VideoEncoder::~VideoEncoder() = default;
const TrackFormat& VideoEncoder::format() const noexcept { return impl_->format(); }
std::vector<Packet> VideoEncoder::encode(const VideoFrame& frame, bool key_frame) {
  return impl_->encode(frame, key_frame);
}
std::vector<Packet> VideoEncoder::finish() { return impl_->finish(); }

}  // namespace sluice::media
