#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/data_rate.h"
#include "sluice/media/frame.h"
#include "sluice/media/media_file.h"
#include "sluice/media/packet.h"

namespace sluice::media {

// All of them: one thread at a time. MediaError where FFmpeg refuses to begin; what a decoder cannot read it skips and
// counts.

/// A packet of video in, pictures out. A picture's size may change from one to the next.
class VideoDecoder {
 public:
  /// @param threads  Of FFmpeg's own; 1: none.
  explicit VideoDecoder(const TrackFormat& format, int threads = 1);
  VideoDecoder(VideoDecoder&&) noexcept;
  VideoDecoder& operator=(VideoDecoder&&) noexcept;
  ~VideoDecoder();
  /// @return the pictures that are ready, in the order in which they are shown.
  [[nodiscard]] std::vector<VideoFrame> decode(const Packet& packet);
  /// Those that still wait, at the end.
  [[nodiscard]] std::vector<VideoFrame> finish();
  [[nodiscard]] std::uint64_t errors() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// A packet of audio in, sound out: any rate and channels in, 48 kHz stereo out.
class AudioDecoder {
 public:
  explicit AudioDecoder(const TrackFormat& format);
  AudioDecoder(AudioDecoder&&) noexcept;
  AudioDecoder& operator=(AudioDecoder&&) noexcept;
  ~AudioDecoder();
  [[nodiscard]] std::optional<AudioBlock> decode(const Packet& packet);
  /// What a lost packet may have sounded like (Opus' concealment), for `span`; nothing before the first packet.
  [[nodiscard]] std::optional<AudioBlock> conceal(MediaTime span);
  [[nodiscard]] std::uint64_t errors() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct VideoEncoderOptions {
  /// FFmpeg's name: `libx264`, `h264_nvenc`, `h264_vaapi`, `h264_qsv`, `h264_v4l2m2m`, `libvpx-vp9`, `libvpx`.
  std::string encoder = "libx264";
  Size size{1280, 720};
  int frames_per_second = 30;
  DataRate bitrate = DataRate::bps(2'500'000);  ///< at most, averaged over a second or two
  /// Constant quality (libx264's crf, 0 to 51) within `bitrate`; missing: `bitrate` alone.
  std::optional<int> quality{};
  std::string preset = "veryfast";
  MediaTime key_frame_interval = std::chrono::seconds{2};  ///< exactly, as segments need it
  bool low_delay = false;                                  ///< no look-ahead, no reordering
  int threads = 0;                                         ///< 0: as many as there are cores
  std::string device{};                                    ///< of hardware encoders: `/dev/dri/renderD128`
};

class VideoEncoder {
 public:
  explicit VideoEncoder(const VideoEncoderOptions& options);
  VideoEncoder(VideoEncoder&&) noexcept;
  VideoEncoder& operator=(VideoEncoder&&) noexcept;
  ~VideoEncoder();
  /// For the file: with extradata.
  [[nodiscard]] const TrackFormat& format() const noexcept;
  /// Of the encoder's size; pts grow.
  [[nodiscard]] std::vector<Packet> encode(const VideoFrame& frame, bool key_frame = false);
  [[nodiscard]] std::vector<Packet> finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct AudioEncoderOptions {
  Codec codec = Codec::aac;  ///< aac, opus, mp3
  DataRate bitrate = DataRate::bps(128'000);
};

/// Sound without gaps: each block begins where the one before ended.
class AudioEncoder {
 public:
  explicit AudioEncoder(const AudioEncoderOptions& options);
  AudioEncoder(AudioEncoder&&) noexcept;
  AudioEncoder& operator=(AudioEncoder&&) noexcept;
  ~AudioEncoder();
  [[nodiscard]] const TrackFormat& format() const noexcept;
  [[nodiscard]] std::vector<Packet> encode(const AudioBlock& block);
  [[nodiscard]] std::vector<Packet> finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// A JPEG of the picture, no wider than `max_width`.
[[nodiscard]] std::vector<std::uint8_t> encode_jpeg(const VideoFrame& frame, int max_width);

}  // namespace sluice::media
