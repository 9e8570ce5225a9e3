#pragma once

#include "options.h"
#include "sluice/host.h"

namespace sluice::whip {

/// What every part of the plugin works with.
struct Context {
  Host& host;
  Options options;
};

}  // namespace sluice::whip
