#pragma once

#include <string>

#include "rgba_image.h"

namespace sluice::media {

/// A PNG or JPEG. Throws MediaError where it cannot be read.
[[nodiscard]] RgbaImage read_image(const std::string& path);
/// `part` of the image. Its colours are multiplied by alpha, so that no edge gets a fringe of what is transparent.
[[nodiscard]] RgbaImage scaled(const RgbaImage& image, Rect part, Size size);

}  // namespace sluice::media
