#pragma once

#include "options.h"
#include "sluice/contracts/rooms.h"
#include "sluice/host.h"
#include "sluice/metrics.h"

namespace sluice::engagement {

/// What every part of the plugin works with.
struct Context {
  Host& host;
  Rooms& rooms;
  Options options;
  Counter& hands;
  Counter& reactions;
};

}  // namespace sluice::engagement
