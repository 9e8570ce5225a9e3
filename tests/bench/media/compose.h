#pragma once

#include <boost/json/object.hpp>

#include "sluice/media/codec.h"

namespace sluice::media::bench {

/// A meeting of cameras that all move.
struct Meeting {
  int sources = 9;
  Size size{640, 360};
  Size canvas{1280, 720};
  int seconds = 10;
  int threads = 2;
};
inline constexpr int kFramesPerSecond = 30;

/// Composing alone: decoded pictures in, composed ones out.
[[nodiscard]] boost::json::object measure_compose(const Meeting& meeting);

}  // namespace sluice::media::bench
