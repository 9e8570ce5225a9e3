#pragma once

#include <cstdint>
#include <optional>

#include "byte_reader.h"
#include "sluice/media/codec.h"

namespace sluice::media {

/// What is read of a sequence parameter set.
struct H264Sps {
  std::uint32_t id = 0;
  Size size;  ///< as shown: cropped
};

/// @param nal  the NAL unit with its header, as it was sent. Nothing where it cannot be read.
[[nodiscard]] std::optional<H264Sps> read_h264_sps(Bytes nal);
/// The id of a picture parameter set.
[[nodiscard]] std::optional<std::uint32_t> read_h264_pps_id(Bytes nal);

}  // namespace sluice::media
