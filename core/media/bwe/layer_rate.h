#pragma once

#include "core/media/layers/packet_layers.h"
#include "sluice/data_rate.h"

namespace sluice {

/// What one more step of quality costs: the rate of everything up to and including this layer.
struct LayerRate {
  LayerPosition layer;
  DataRate rate;
};

}  // namespace sluice
