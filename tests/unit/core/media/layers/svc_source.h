#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/media/layers/layer_selector.h"
#include "core/media/layers/packet_layers.h"

/// A sender of layered video, and a receiver that knows what each frame needs.
namespace sluice::test {

enum class Prediction : std::uint8_t {
  full,      ///< L3T3: each spatial layer from the one below, in every picture
  key_only,  ///< L3T3_KEY: in key pictures alone
};

struct SvcFrame {
  int number = 0;
  std::set<int> references{};  ///< numbers of other frames
  PacketLayers layers{};       ///< but for the bits that differ between its packets
  RtpTimestamp timestamp{};
};

/// Makes the pictures of L1T1 to L3T3, with or without _KEY. Temporal layers are T0 T2 T1 T2, or T0 T1.
class SvcSource {
 public:
  SvcSource(std::uint8_t spatial_layers, std::uint8_t temporal_layers, Prediction prediction)
      : spatial_layers_{spatial_layers}, temporal_layers_{temporal_layers}, prediction_{prediction} {}

  /// The frames of the next picture, the lowest spatial layer first.
  std::vector<SvcFrame> next_picture(bool key) {
    if (key) in_pattern_ = 0;
    const std::uint8_t temporal = temporal_of(in_pattern_);
    in_pattern_ = (in_pattern_ + 1) % (1 << (temporal_layers_ - 1));
    std::vector<SvcFrame> picture;
    for (std::uint8_t spatial = 0; spatial < spatial_layers_; ++spatial) {
      picture.push_back(frame(spatial, temporal, key));
    }
    timestamp_ += 3000;
    return picture;
  }

 private:
  [[nodiscard]] std::uint8_t temporal_of(int position) const {
    if (temporal_layers_ == 1 || position == 0) return 0;
    if (temporal_layers_ == 2) return 1;
    return position == 2 ? 1 : 2;
  }
  SvcFrame frame(std::uint8_t spatial, std::uint8_t temporal, bool key) {
    SvcFrame frame{.number = ++number_, .timestamp = RtpTimestamp{timestamp_}};
    const bool inter_layer = prediction_ == Prediction::full || key;
    if (spatial > 0 && inter_layer) frame.references.insert(frame.number - 1);
    if (!key) {
      // The newest frame of the same spatial layer that is of a lower temporal layer, or the last lowest one.
      int newest = newest_[{spatial, 0}];
      for (std::uint8_t lower = 1; lower < temporal; ++lower) newest = std::max(newest, newest_[{spatial, lower}]);
      frame.references.insert(newest);
    }
    newest_[{spatial, temporal}] = frame.number;
    const bool top = spatial + 1 == spatial_layers_;
    frame.layers = {.spatial = spatial,
                    .temporal = temporal,
                    .spatial_layers = spatial_layers_,
                    .keyframe = key && spatial == 0,
                    .needs_base_only = false,
                    .switches_temporal_to = temporal + 1 < temporal_layers_ || key ? kTopLayer : std::uint8_t{0},
                    .switches_spatial_to = key && spatial == 0 ? kTopLayer : std::uint8_t{0},
                    .used_by_upper_spatial = !top && inter_layer};
    return frame;
  }

  std::uint8_t spatial_layers_;
  std::uint8_t temporal_layers_;
  Prediction prediction_;
  int number_ = 0;
  int in_pattern_ = 0;
  std::uint32_t timestamp_ = 0xffff'0000;
  std::map<std::pair<std::uint8_t, std::uint8_t>, int> newest_;
};

}  // namespace sluice::test
