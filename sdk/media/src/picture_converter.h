#pragma once

#include "ffmpeg.h"

namespace sluice::media::ffmpeg {

/// Of pictures that are taken in or given out; more is damage or an attack.
inline constexpr Size kMaxPicture{8'192, 8'192};

/// Not initialised. Throws MediaError where the size is none, or beyond kMaxPicture.
[[nodiscard]] FramePtr make_picture(Size size, AVPixelFormat format);

/// Changes size, pixel format and range of pictures; quick where they are alike one after the other.
class PictureConverter {
 public:
  /// A new picture; `range` of what comes out.
  [[nodiscard]] FramePtr convert(const AVFrame& from, Size size, AVPixelFormat format,
                                 AVColorRange range = AVCOL_RANGE_MPEG);

 private:
  struct Way {
    Size from_size{};
    int from_format = AV_PIX_FMT_NONE;
    bool from_full = false;
    Size size{};
    int format = AV_PIX_FMT_NONE;
    bool full = false;
    friend bool operator==(const Way&, const Way&) = default;
  };
  void prepare(const Way& way);

  ScalerPtr scaler_;
  Way way_;
};

}  // namespace sluice::media::ffmpeg
