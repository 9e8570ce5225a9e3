#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "depacketizer.h"

namespace sluice::media {

/// RFC 6184, packetization modes 0 and 1, to Annex B. Before an IDR picture that comes without parameter sets stand the
/// last ones that came.
class H264Depacketizer final : public Depacketizer {
 public:
  void begin() override { frame_ = {}; }
  Added add(Bytes payload, std::vector<std::uint8_t>& frame) override;
  FinishedFrame finish(std::vector<std::uint8_t>& frame) override;

 private:
  using ParameterSets = std::map<std::uint32_t, std::vector<std::uint8_t>>;  // by their id
  struct Frame {
    bool has_sps = false;
    bool has_pps = false;
    bool picture = false;  // a slice has come
    bool idr = false;
    bool in_fragments = false;     // a NAL unit has begun and not ended
    bool skips_fragments = false;  // and is not wanted
  };

  Added add_whole(Bytes nal, std::vector<std::uint8_t>& frame);
  Added add_aggregate(Bytes payload, std::vector<std::uint8_t>& frame);
  Added add_fragment(Bytes payload, std::vector<std::uint8_t>& frame);
  Added begin_nal(std::uint8_t type, Bytes body, std::vector<std::uint8_t>& frame);
  Added begin_slice(std::uint8_t type, Bytes body, std::vector<std::uint8_t>& frame);
  void keep_set(Bytes nal);
  static void keep(ParameterSets& sets, std::uint32_t id, Bytes nal);

  Frame frame_;
  ParameterSets sps_;
  ParameterSets pps_;
  std::optional<Size> size_;  // of the last SPS
};

}  // namespace sluice::media
