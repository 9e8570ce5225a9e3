#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "depacketizer.h"

namespace sluice::media {

/// RFC 9628. The frames of a picture's spatial layers become one superframe.
class Vp9Depacketizer final : public Depacketizer {
 public:
  static constexpr std::size_t kMaxLayers = 8;

  void begin() override { picture_ = {}; }
  Added add(Bytes payload, std::vector<std::uint8_t>& frame) override;
  FinishedFrame finish(std::vector<std::uint8_t>& frame) override;

 private:
  struct Picture {
    std::array<std::size_t, kMaxLayers> begins{};  // of the layers' frames, in what was joined
    std::size_t layers = 0;                        // frames that have begun
    int top = -1;                                  // spatial layer
    bool in_frame = false;                         // its last packet has not come
    bool independent = false;                      // of pictures before, and from the lowest layer up
  };
  struct Structure {
    std::array<Size, kMaxLayers> sizes{};  // zero: not told
  };

  bool read_structure(ByteReader& in);
  bool begin_layer(bool predicted, int spatial, std::size_t at);

  Picture picture_;
  Structure structure_;
};

}  // namespace sluice::media
