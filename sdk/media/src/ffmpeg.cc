#include "ffmpeg.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>

#include "annex_b.h"
#include "media_log.h"

extern "C" {
#include <libavutil/log.h>
}

namespace sluice::media {

bool MediaError::is_disk_full() const noexcept {
  return code_ == AVERROR(ENOSPC) || code_ == AVERROR(EFBIG) || code_ == AVERROR(EDQUOT);
}

namespace ffmpeg {

namespace {

/// Kinds of errors that are told; a kind is the text before its numbers are filled in.
constexpr std::size_t kMaxErrorKinds = 64;

/// True the first time.
bool is_new_kind(const char* format) noexcept {
  static std::array<std::atomic<const char*>, kMaxErrorKinds> told{};
  for (auto& slot : told) {
    const char* there = nullptr;
    if (slot.compare_exchange_strong(there, format)) return true;
    if (there == format) return false;
  }
  return false;
}

void on_log(void* context, int level, const char* format, va_list arguments) {
  if (level > AV_LOG_ERROR || LogCapture::take(context, level, format, arguments) || !is_new_kind(format)) return;
  std::array<char, 512> line{};
  int print_prefix = 1;
  av_log_format_line2(context, level, format, arguments, line.data(), static_cast<int>(line.size()), &print_prefix);
  std::fprintf(stderr, "FFmpeg: %s", line.data());
}

constexpr std::array<std::pair<Codec, AVCodecID>, 7> kCodecs{{{Codec::h264, AV_CODEC_ID_H264},
                                                              {Codec::vp8, AV_CODEC_ID_VP8},
                                                              {Codec::vp9, AV_CODEC_ID_VP9},
                                                              {Codec::av1, AV_CODEC_ID_AV1},
                                                              {Codec::opus, AV_CODEC_ID_OPUS},
                                                              {Codec::aac, AV_CODEC_ID_AAC},
                                                              {Codec::mp3, AV_CODEC_ID_MP3}}};

/// Samples a packet, where it is always the same; muxers ask for it.
constexpr int frame_size_of(Codec codec) noexcept {
  if (codec == Codec::aac) return 1'024;
  if (codec == Codec::mp3) return 1'152;
  return 0;
}

}  // namespace

void quiet() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_callback(on_log); });
}

void fail(std::string_view what, int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  throw MediaError{std::string{what} + ": " + text.data(), code};
}

int check(int code, std::string_view what) {
  if (code < 0) fail(what, code);
  return code;
}

std::int64_t to_ticks(MediaTime time, AVRational time_base) noexcept {
  return av_rescale_q(time.count(), kMicroseconds, time_base);
}

MediaTime from_ticks(std::int64_t ticks, AVRational time_base) noexcept {
  return MediaTime{av_rescale_q_rnd(ticks, time_base, kMicroseconds,
                                    static_cast<AVRounding>(AV_ROUND_NEAR_INF | AV_ROUND_PASS_MINMAX))};
}

PacketPtr padded(std::span<const std::uint8_t> data) {
  auto packet = owned<PacketPtr>(av_packet_alloc());
  if (data.size() > kMaxPacketBytes) fail("a packet is too long", AVERROR(EINVAL));
  check(av_new_packet(packet.get(), static_cast<int>(data.size())), "a packet");
  std::ranges::copy(data, packet->data);
  return packet;
}

PacketPtr to_packet(const Packet& packet, AVRational time_base) {
  auto out = padded(packet.data);
  out->stream_index = static_cast<int>(packet.track);
  out->pts = to_ticks(packet.pts, time_base);
  out->dts = to_ticks(packet.dts, time_base);
  out->duration = to_ticks(packet.duration, time_base);
  if (packet.key_frame) out->flags |= AV_PKT_FLAG_KEY;
  return out;
}

AVCodecID id_of(Codec codec) noexcept {
  const auto* const found = std::ranges::find(kCodecs, codec, &std::pair<Codec, AVCodecID>::first);
  return found == kCodecs.end() ? AV_CODEC_ID_NONE : found->second;
}

std::optional<Codec> codec_of(AVCodecID id) noexcept {
  const auto* const found = std::ranges::find(kCodecs, id, &std::pair<Codec, AVCodecID>::second);
  return found == kCodecs.end() ? std::nullopt : std::optional{found->first};
}

void to_parameters(const TrackFormat& format, AVCodecParameters& parameters) {
  parameters.codec_id = id_of(format.codec);
  if (is_video(format.codec)) {
    parameters.codec_type = AVMEDIA_TYPE_VIDEO;
    parameters.width = format.size.width;
    parameters.height = format.size.height;
    parameters.format = AV_PIX_FMT_YUV420P;
  } else {
    parameters.codec_type = AVMEDIA_TYPE_AUDIO;
    parameters.sample_rate = format.sample_rate;
    parameters.frame_size = frame_size_of(format.codec);
    parameters.initial_padding = format.padding;
    av_channel_layout_default(&parameters.ch_layout, format.channels);
  }
  if (format.extradata.empty()) return;
  const auto bytes = format.extradata.size();
  if (bytes > kMaxPacketBytes) fail("extradata is too long", AVERROR(EINVAL));
  parameters.extradata = static_cast<std::uint8_t*>(av_mallocz(bytes + AV_INPUT_BUFFER_PADDING_SIZE));
  if (parameters.extradata == nullptr) throw std::bad_alloc{};
  std::ranges::copy(format.extradata, parameters.extradata);
  parameters.extradata_size = static_cast<int>(bytes);
}

std::optional<TrackFormat> to_format(const AVCodecParameters& parameters) {
  const auto codec = codec_of(parameters.codec_id);
  if (!codec) return std::nullopt;
  TrackFormat format{.codec = *codec, .size = {parameters.width, parameters.height}};
  if (!is_video(*codec)) {
    format.sample_rate = parameters.sample_rate;
    format.channels = parameters.ch_layout.nb_channels;
    format.padding = parameters.initial_padding;
  }
  const std::span extradata{parameters.extradata, static_cast<std::size_t>(std::max(parameters.extradata_size, 0))};
  format.extradata.assign(extradata.begin(), extradata.end());
  if (*codec == Codec::h264) {
    if (const auto avcc = AvcConfiguration::parse(extradata)) format.extradata = avcc->parameter_sets;
  }
  return format;
}

}  // namespace ffmpeg
}  // namespace sluice::media
