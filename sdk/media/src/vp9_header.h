#pragma once

#include <optional>

#include "byte_reader.h"
#include "sluice/media/codec.h"

namespace sluice::media {

/// The size of a VP9 key frame, from its uncompressed header. Nothing of other frames and of what cannot be read.
[[nodiscard]] std::optional<Size> read_vp9_key_frame(Bytes frame) noexcept;

}  // namespace sluice::media
