#pragma once

#include "depacketizer.h"

namespace sluice::media {

/// RFC 7741.
class Vp8Depacketizer final : public Depacketizer {
 public:
  void begin() override { begun_ = false; }
  Added add(Bytes payload, std::vector<std::uint8_t>& frame) override;
  FinishedFrame finish(std::vector<std::uint8_t>& frame) override;

 private:
  bool begun_ = false;
};

}  // namespace sluice::media
