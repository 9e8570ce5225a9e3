#include <algorithm>
#include <utility>

#include "ffmpeg.h"
#include "sluice/media/coders.h"

namespace sluice::media {

using namespace ffmpeg;

namespace {

constexpr AVRational kSampleTicks{1, AudioBlock::kSampleRate};

const char* encoder_of(Codec codec) noexcept {
  switch (codec) {
    case Codec::aac:
      return "aac";
    case Codec::opus:
      return "libopus";
    case Codec::mp3:
      return "libmp3lame";
    default:
      return "";
  }
}

/// All of ours take floats at 48 kHz, some each channel for itself.
AVSampleFormat sample_format_of(const AVCodec& codec) noexcept {
  for (const auto* format = codec.sample_fmts; format != nullptr && *format != AV_SAMPLE_FMT_NONE; ++format) {
    if (*format == AV_SAMPLE_FMT_FLT || *format == AV_SAMPLE_FMT_FLTP) return *format;
  }
  return AV_SAMPLE_FMT_NONE;
}

}  // namespace

class AudioEncoder::Impl {
 public:
  explicit Impl(const AudioEncoderOptions& options);
  [[nodiscard]] const TrackFormat& format() const noexcept { return format_; }
  [[nodiscard]] std::vector<Packet> encode(const AudioBlock& block);
  [[nodiscard]] std::vector<Packet> finish();

 private:
  /// `frames` samples from the front of what waits.
  [[nodiscard]] FramePtr take_samples(std::size_t frames);
  void take_packets(std::vector<Packet>& packets);

  std::string name_;
  CodecPtr context_;
  TrackFormat format_;
  std::vector<float> waiting_;      // less than a frame, between calls
  std::optional<MediaTime> begin_;  // of the first block
  std::int64_t samples_ = 0;        // given to the encoder
};

AudioEncoder::Impl::Impl(const AudioEncoderOptions& options) : name_{encoder_of(options.codec)} {
  quiet();
  const auto* const codec = avcodec_find_encoder_by_name(name_.c_str());
  if (codec == nullptr) fail("an encoder of audio: " + name_ + " is not in this FFmpeg", AVERROR_ENCODER_NOT_FOUND);
  context_ = owned<CodecPtr>(avcodec_alloc_context3(codec));
  context_->sample_fmt = sample_format_of(*codec);
  context_->sample_rate = AudioBlock::kSampleRate;
  context_->time_base = kSampleTicks;
  context_->bit_rate = options.bitrate.bps();
  context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_channel_layout_default(&context_->ch_layout, AudioBlock::kChannels);
  check(avcodec_open2(context_.get(), codec, nullptr), name_);
  format_ = {.codec = options.codec,
             .sample_rate = AudioBlock::kSampleRate,
             .channels = AudioBlock::kChannels,
             .padding = context_->initial_padding};
  format_.extradata.assign(context_->extradata, context_->extradata + std::max(context_->extradata_size, 0));
}

std::vector<Packet> AudioEncoder::Impl::encode(const AudioBlock& block) {
  if (!begin_) begin_ = block.pts;
  waiting_.insert(waiting_.end(), block.samples.begin(), block.samples.end());
  const auto frame_size = static_cast<std::size_t>(context_->frame_size);
  std::vector<Packet> packets;
  while (waiting_.size() >= frame_size * AudioBlock::kChannels) {
    check(avcodec_send_frame(context_.get(), take_samples(frame_size).get()), name_);
    take_packets(packets);
  }
  return packets;
}

std::vector<Packet> AudioEncoder::Impl::finish() {
  if (const auto rest = waiting_.size() / AudioBlock::kChannels; rest > 0) {
    check(avcodec_send_frame(context_.get(), take_samples(rest).get()), name_);
  }
  check(avcodec_send_frame(context_.get(), nullptr), name_);
  std::vector<Packet> packets;
  take_packets(packets);
  return packets;
}

FramePtr AudioEncoder::Impl::take_samples(std::size_t frames) {
  auto frame = owned<FramePtr>(av_frame_alloc());
  frame->nb_samples = static_cast<int>(frames);
  frame->format = context_->sample_fmt;
  frame->sample_rate = context_->sample_rate;
  check(av_channel_layout_copy(&frame->ch_layout, &context_->ch_layout), name_);
  check(av_frame_get_buffer(frame.get(), 0), name_);
  frame->pts = samples_;
  samples_ += frame->nb_samples;

  const auto planar = av_sample_fmt_is_planar(context_->sample_fmt) != 0;
  const auto count = frames * AudioBlock::kChannels;
  for (std::size_t i = 0; i < count; ++i) {
    const auto channel = i % AudioBlock::kChannels;
    auto* const plane = reinterpret_cast<float*>(frame->extended_data[planar ? channel : 0]);
    plane[planar ? i / AudioBlock::kChannels : i] = waiting_[i];
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  return frame;
}

/// The encoder's pts begin before zero by what it puts in front, so that samples keep their time.
void AudioEncoder::Impl::take_packets(std::vector<Packet>& packets) {
  const auto packet = owned<PacketPtr>(av_packet_alloc());
  while (true) {
    const auto code = avcodec_receive_packet(context_.get(), packet.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
    check(code, name_);
    auto& own = packets.emplace_back();
    own.data.assign(packet->data, packet->data + packet->size);
    own.pts = own.dts = begin_.value_or(MediaTime::zero()) + from_ticks(packet->pts, kSampleTicks);
    own.duration = from_ticks(packet->duration, kSampleTicks);
    own.key_frame = true;
    av_packet_unref(packet.get());
  }
}

AudioEncoder::AudioEncoder(const AudioEncoderOptions& options) : impl_{std::make_unique<Impl>(options)} {}
AudioEncoder::AudioEncoder(AudioEncoder&&) noexcept = default;
AudioEncoder& AudioEncoder::operator=(AudioEncoder&&) noexcept = default;
AudioEncoder::~AudioEncoder() = default;
const TrackFormat& AudioEncoder::format() const noexcept { return impl_->format(); }
std::vector<Packet> AudioEncoder::encode(const AudioBlock& block) { return impl_->encode(block); }
std::vector<Packet> AudioEncoder::finish() { return impl_->finish(); }

}  // namespace sluice::media
