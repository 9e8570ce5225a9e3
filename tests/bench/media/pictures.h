#pragma once

#include <string>

namespace sluice::media::bench {

/// Writes a PNG of each layout into `folder`, to be looked at, and `layouts.png` with some of them together.
void write_pictures(const std::string& folder);

}  // namespace sluice::media::bench
