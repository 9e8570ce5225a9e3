#pragma once

#include <cstdint>
#include <vector>

#include "sdk/media/src/canvas.h"
#include "sluice/media/frame.h"

namespace sluice::media::bench {

/// Somebody who sits before a camera and moves a little, with the noise of its sensor. The same pictures each time.
class Sitter {
 public:
  static constexpr double kSensorNoise = 1.5;  ///< steps of luma, as a standard deviation

  Sitter(Size size, std::uint32_t number, double noise = kSensorNoise);
  [[nodiscard]] VideoFrame at(int frame) const;

 private:
  [[nodiscard]] Yuv colour_at(double x, double y, double sway) const;

  Size size_;
  std::uint32_t number_;
  Colour wall_;
  Colour skin_;
  Colour shirt_;
  std::vector<std::int8_t> noise_;
};

/// A page of lines of text that is scrolled now and then.
[[nodiscard]] VideoFrame document_at(Size size, int frame);

}  // namespace sluice::media::bench
