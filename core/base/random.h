#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/base/byte_reader.h"

namespace sluice {

/// Fills a buffer with unpredictable bytes. Logic is handed one, so that tests can repeat themselves.
using FillRandom = std::function<void(MutableBytes)>;

/// An unguessable name of letters and digits with at least `bits` bits of entropy; no letter is likelier than another.
[[nodiscard]] std::string random_token(const FillRandom& fill, int bits);

}  // namespace sluice
