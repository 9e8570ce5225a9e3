#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "sluice/media/codec.h"
#include "sluice/media/media_file.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/hwcontext.h>
#include <libavutil/imgutils.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mathematics.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

/// What all users of FFmpeg share: owners, errors, time. Its headers are included here and nowhere else, so that they
/// are C everywhere.
namespace sluice::media::ffmpeg {

/// Half of FFmpeg's functions that free take the address of the pointer.
template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const noexcept {
    if constexpr (std::is_invocable_v<decltype(kFree), T**>) {
      kFree(&object);
    } else {
      kFree(object);
    }
  }
};

using CodecPtr = std::unique_ptr<AVCodecContext, Free<avcodec_free_context>>;
using ParserPtr = std::unique_ptr<AVCodecParserContext, Free<av_parser_close>>;
using FilterPtr = std::unique_ptr<AVBSFContext, Free<av_bsf_free>>;
using PacketPtr = std::unique_ptr<AVPacket, Free<av_packet_free>>;
using FramePtr = std::unique_ptr<AVFrame, Free<av_frame_free>>;
using InputPtr = std::unique_ptr<AVFormatContext, Free<avformat_close_input>>;
using OutputPtr = std::unique_ptr<AVFormatContext, Free<avformat_free_context>>;
using ScalerPtr = std::unique_ptr<SwsContext, Free<sws_freeContext>>;
using ResamplerPtr = std::unique_ptr<SwrContext, Free<swr_free>>;
using BufferPtr = std::unique_ptr<AVBufferRef, Free<av_buffer_unref>>;

/// FFmpeg's options by name; what it does not take is left in it.
class Dictionary {
 public:
  Dictionary() = default;
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;
  ~Dictionary() { av_dict_free(&entries_); }
  void set(const char* name, const char* value) { av_dict_set(&entries_, name, value, 0); }
  void set(const char* name, std::int64_t value) { av_dict_set_int(&entries_, name, value, 0); }
  [[nodiscard]] AVDictionary** get() noexcept { return &entries_; }

 private:
  AVDictionary* entries_ = nullptr;
};

/// FFmpeg's log: nothing below errors; of those each kind once, so that damaged input cannot fill a log. Called before
/// anything else of FFmpeg's; the first call counts.
void quiet();

/// Throws MediaError: `what`, and what FFmpeg says of `code`.
[[noreturn]] void fail(std::string_view what, int code);
/// @return `code`, where it is no error.
int check(int code, std::string_view what);
/// For what FFmpeg allocates: throws std::bad_alloc where it could not.
template <typename Pointer>
[[nodiscard]] Pointer owned(typename Pointer::pointer object) {
  if (object == nullptr) throw std::bad_alloc{};
  return Pointer{object};
}

inline constexpr AVRational kMicroseconds{1, 1'000'000};
/// To the nearest; halves away from zero. AV_NOPTS_VALUE stays what it is.
[[nodiscard]] std::int64_t to_ticks(MediaTime time, AVRational time_base) noexcept;
[[nodiscard]] MediaTime from_ticks(std::int64_t ticks, AVRational time_base) noexcept;

/// Of a packet or extradata; FFmpeg counts in int.
inline constexpr std::size_t kMaxPacketBytes = std::size_t{64} << 20;
/// A copy with the zeros behind it that FFmpeg's readers of bits need.
[[nodiscard]] PacketPtr padded(std::span<const std::uint8_t> data);
/// To be sent to a decoder or a muxer, times in `time_base`.
[[nodiscard]] PacketPtr to_packet(const Packet& packet, AVRational time_base);

[[nodiscard]] AVCodecID id_of(Codec codec) noexcept;
[[nodiscard]] std::optional<Codec> codec_of(AVCodecID id) noexcept;
/// Both ways; H264's parameter sets are in Annex B's form in a TrackFormat.
void to_parameters(const TrackFormat& format, AVCodecParameters& parameters);
[[nodiscard]] std::optional<TrackFormat> to_format(const AVCodecParameters& parameters);

}  // namespace sluice::media::ffmpeg
