#include <algorithm>
#include <utility>

#include "ffmpeg.h"
#include "sluice/media/coders.h"

namespace sluice::media {

using namespace ffmpeg;

namespace {

constexpr AVRational kSampleTicks{1, AudioBlock::kSampleRate};
/// What a decoder invents has faded to silence long before.
constexpr MediaTime kMaxConcealment = std::chrono::seconds{1};
/// Shortest Opus packet, RFC 6716 section 2.1.4: bounds how many are made up.
constexpr std::size_t kLeastOpusFrames = 120;

/// libopus conceals losses; FFmpeg's own decoder does not.
const AVCodec* find_decoder(Codec codec) {
  if (codec == Codec::opus) {
    if (const auto* const libopus = avcodec_find_decoder_by_name("libopus")) return libopus;
  }
  return avcodec_find_decoder(id_of(codec));
}

struct Layout {
  AVChannelLayout layout{};
  explicit Layout(int channels) { av_channel_layout_default(&layout, channels); }
  /// Of a frame that does not say which channels it has: the usual ones.
  explicit Layout(const AVChannelLayout& from) {
    if (from.order == AV_CHANNEL_ORDER_UNSPEC || av_channel_layout_copy(&layout, &from) < 0) {
      av_channel_layout_default(&layout, from.nb_channels);
    }
  }
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;
  ~Layout() { av_channel_layout_uninit(&layout); }
};

}  // namespace

class AudioDecoder::Impl {
 public:
  explicit Impl(const TrackFormat& format);
  [[nodiscard]] std::optional<AudioBlock> decode(const Packet& packet);
  [[nodiscard]] std::optional<AudioBlock> conceal(MediaTime span);
  [[nodiscard]] std::uint64_t errors() const noexcept { return errors_; }

 private:
  [[nodiscard]] std::optional<AudioBlock> decode(const AVPacket& packet);
  void append(const AVFrame& frame, AudioBlock& block);
  /// False: there is no way from it to ours.
  [[nodiscard]] bool prepare_resampler(const AVFrame& frame);

  CodecPtr context_;
  ResamplerPtr resampler_;
  struct Source {
    int sample_rate = 0;
    int format = AV_SAMPLE_FMT_NONE;
    int channels = 0;
    friend bool operator==(const Source&, const Source&) = default;
  } source_;
  bool conceals_ = false;
  std::optional<std::uint8_t> opus_toc_;  // of the last packet
  MediaTime end_{};                       // of the last block
  std::uint64_t errors_ = 0;
};

AudioDecoder::Impl::Impl(const TrackFormat& format) {
  quiet();
  const auto* const decoder = is_video(format.codec) ? nullptr : find_decoder(format.codec);
  if (decoder == nullptr) fail("a decoder of audio", AVERROR_DECODER_NOT_FOUND);
  conceals_ = std::string_view{decoder->name} == "libopus";
  context_ = owned<CodecPtr>(avcodec_alloc_context3(decoder));
  const auto parameters =
      owned<std::unique_ptr<AVCodecParameters, Free<avcodec_parameters_free>>>(avcodec_parameters_alloc());
  to_parameters(format, *parameters);
  check(avcodec_parameters_to_context(context_.get(), parameters.get()), decoder->name);
  context_->pkt_timebase = kMicroseconds;
  context_->thread_count = 1;
  // What encoders put in front is given out with pts before the beginning, rather than cut off here: the pts of what
  // follows are then those of its packets.
  context_->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
  check(avcodec_open2(context_.get(), decoder, nullptr), decoder->name);
}

std::optional<AudioBlock> AudioDecoder::Impl::decode(const Packet& packet) {
  if (packet.data.empty() || packet.data.size() > kMaxPacketBytes) {  // empty would mean the end
    ++errors_;
    return std::nullopt;
  }
  auto block = decode(*to_packet(packet, kMicroseconds));
  if (block && conceals_) opus_toc_ = packet.data.front();
  return block;
}

/// A packet that is but its table of contents, for a single frame (code 0), is one whose frame was not sent: the
/// decoder fills in (RFC 6716 sections 3.1 and 4.4).
std::optional<AudioBlock> AudioDecoder::Impl::conceal(MediaTime span) {
  if (!opus_toc_ || span <= MediaTime::zero()) return std::nullopt;
  const auto wanted = static_cast<std::size_t>(to_ticks(std::min(span, kMaxConcealment), kSampleTicks));
  const std::uint8_t toc = *opus_toc_ & ~0x03;
  AudioBlock block{.pts = end_, .samples = {}};
  for (std::size_t tries = 0; block.frames() < wanted && tries <= wanted / kLeastOpusFrames; ++tries) {
    const auto packet = padded({&toc, 1});
    packet->pts = packet->dts = end_.count();
    const auto piece = decode(*packet);
    if (!piece) break;
    block.samples.insert(block.samples.end(), piece->samples.begin(), piece->samples.end());
  }
  if (block.samples.empty()) return std::nullopt;
  block.samples.resize(std::min(block.frames(), wanted) * AudioBlock::kChannels);
  end_ = block.pts + from_ticks(static_cast<std::int64_t>(block.frames()), kSampleTicks);
  return block;
}

std::optional<AudioBlock> AudioDecoder::Impl::decode(const AVPacket& packet) {
  if (avcodec_send_packet(context_.get(), &packet) < 0) ++errors_;
  AudioBlock block;
  const auto frame = owned<FramePtr>(av_frame_alloc());
  while (true) {
    const auto code = avcodec_receive_frame(context_.get(), frame.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) break;
    if (code < 0) {
      ++errors_;
      break;
    }
    append(*frame, block);
  }
  if (block.samples.empty()) return std::nullopt;
  end_ = block.pts + from_ticks(static_cast<std::int64_t>(block.frames()), kSampleTicks);
  return block;
}

void AudioDecoder::Impl::append(const AVFrame& frame, AudioBlock& block) {
  if (frame.sample_rate <= 0 || frame.nb_samples <= 0 || !prepare_resampler(frame)) {
    ++errors_;
    return;
  }
  if (block.samples.empty()) {
    const MediaTime pts{frame.pts == AV_NOPTS_VALUE ? end_.count() : frame.pts};
    block.pts = pts - MediaTime{swr_get_delay(resampler_.get(), kMicroseconds.den)};
  }
  const auto most = swr_get_out_samples(resampler_.get(), frame.nb_samples);
  const auto before = block.samples.size();
  block.samples.resize(before + static_cast<std::size_t>(std::max(most, 0)) * AudioBlock::kChannels);
  auto* out = reinterpret_cast<std::uint8_t*>(block.samples.data() + before);
  // The function's type lacks a const that its documentation has.
  auto** const in = const_cast<const std::uint8_t**>(frame.extended_data);
  const auto made = swr_convert(resampler_.get(), &out, most, in, frame.nb_samples);
  if (made < 0) ++errors_;
  block.samples.resize(before + static_cast<std::size_t>(std::max(made, 0)) * AudioBlock::kChannels);
}

bool AudioDecoder::Impl::prepare_resampler(const AVFrame& frame) {
  const Source source{frame.sample_rate, frame.format, frame.ch_layout.nb_channels};
  if (resampler_ && source == source_) return true;
  source_ = source;
  resampler_.reset();
  Layout from{frame.ch_layout};
  Layout to{AudioBlock::kChannels};
  SwrContext* resampler = nullptr;
  swr_alloc_set_opts2(&resampler, &to.layout, AV_SAMPLE_FMT_FLT, AudioBlock::kSampleRate, &from.layout,
                      static_cast<AVSampleFormat>(source.format), source.sample_rate, 0, nullptr);
  resampler_.reset(resampler);
  if (resampler_ && swr_init(resampler_.get()) < 0) resampler_.reset();
  return resampler_ != nullptr;
}

AudioDecoder::AudioDecoder(const TrackFormat& format) : impl_{std::make_unique<Impl>(format)} {}
AudioDecoder::AudioDecoder(AudioDecoder&&) noexcept = default;
AudioDecoder& AudioDecoder::operator=(AudioDecoder&&) noexcept = default;
AudioDecoder::~AudioDecoder() = default;
std::optional<AudioBlock> AudioDecoder::decode(const Packet& packet) { return impl_->decode(packet); }
std::optional<AudioBlock> AudioDecoder::conceal(MediaTime span) { return impl_->conceal(span); }
std::uint64_t AudioDecoder::errors() const noexcept { return impl_->errors(); }

}  // namespace sluice::media
