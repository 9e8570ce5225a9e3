#pragma once

#include <vector>

#include "outputs/output.h"

namespace sluice::livestream::testing {

/// Keeps what it is given.
class CollectingOutput final : public Output {
 public:
  void put(const ProgramPacketPtr& packet) override {
    (packet->packet.track == kVideoTrack ? video : audio).push_back(packet);
  }
  void finish() override { finished = true; }

  std::vector<ProgramPacketPtr> video;
  std::vector<ProgramPacketPtr> audio;
  bool finished = false;
};

/// Packets' times grow, and each format begins with a key frame.
inline bool is_in_order(const std::vector<ProgramPacketPtr>& packets) {
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const ProgramPacket& packet = *packets[i];
    const bool new_format = i == 0 || packets[i - 1]->format != packet.format;
    if (packet.packet.track == kVideoTrack && new_format && !packet.segment_start) return false;
    if (packet.segment_start && !packet.packet.key_frame) return false;
    if (packet.packet.dts != packet.packet.pts) return false;
    if (i == 0 ? packet.packet.dts < media::MediaTime::zero() : packet.packet.dts <= packets[i - 1]->packet.dts)
      return false;
  }
  return true;
}

}  // namespace sluice::livestream::testing
