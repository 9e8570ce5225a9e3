#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sluice/media/codec.h"

struct AVFrame;

namespace sluice::media {

/// A picture: YUV 4:2:0, 8 bits, limited range. Copies share the pixels, which are not changed once a frame is shared.
/// Empty until it is given one.
class VideoFrame {
 public:
  VideoFrame() noexcept = default;
  /// Black, its own.
  explicit VideoFrame(Size size);
  /// Takes it over; yuv420p.
  explicit VideoFrame(AVFrame* frame);

  [[nodiscard]] explicit operator bool() const noexcept { return frame_ != nullptr; }
  [[nodiscard]] Size size() const noexcept;
  /// 0: Y, 1: U, 2: V. Rows of `stride` octets.
  struct Plane {
    std::uint8_t* data;
    int stride;
    Size size;
  };
  [[nodiscard]] Plane plane(int index) const noexcept;
  [[nodiscard]] AVFrame* get() const noexcept { return frame_.get(); }

  MediaTime pts{};

 private:
  std::shared_ptr<AVFrame> frame_;
};

/// Sound: 48 kHz, two channels, interleaved samples of -1 to 1.
struct AudioBlock {
  static constexpr int kSampleRate = 48'000;
  static constexpr int kChannels = 2;
  MediaTime pts{};
  std::vector<float> samples;
  [[nodiscard]] std::size_t frames() const noexcept { return samples.size() / kChannels; }
};

}  // namespace sluice::media
