#pragma once

#include <string>

#include "sluice/media/frame.h"

namespace sluice::media::bench {

void write_png(const VideoFrame& picture, const std::string& path);

}  // namespace sluice::media::bench
