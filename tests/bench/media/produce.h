#pragma once

#include <boost/json/object.hpp>

#include "tests/bench/media/compose.h"

namespace sluice::media::bench {

/// The whole way of the picture: each camera's VP8 is decoded, composed, and coded as H264 by libx264's `veryfast`.
[[nodiscard]] boost::json::object measure_produce(const Meeting& meeting);

}  // namespace sluice::media::bench
