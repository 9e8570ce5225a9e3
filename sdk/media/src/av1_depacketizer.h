#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "depacketizer.h"

namespace sluice::media {

/// The AV1 RTP payload specification, to the low-overhead bitstream format: OBUs with sizes.
class Av1Depacketizer final : public Depacketizer {
 public:
  void begin() override { open_.reset(); }
  Added add(Bytes payload, std::vector<std::uint8_t>& frame) override;
  FinishedFrame finish(std::vector<std::uint8_t>& frame) override;

 private:
  // Its bytes are appended as they come, behind room for its size: the header moves to the front once it is whole.
  struct OpenObu {
    std::size_t at = 0;    // in the frame
    std::size_t room = 0;  // for the size
  };

  bool end_obu(std::vector<std::uint8_t>& frame);

  std::optional<OpenObu> open_;  // its end has not come
};

}  // namespace sluice::media
