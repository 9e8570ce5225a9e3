#pragma once

#include <memory>
#include <vector>

#include "api/context.h"

namespace sluice::analytics {

/// What a live meeting's `live_stats` have of us: who speaks, what it takes, how well it gets through.
class LiveFigures {
 public:
  /// Nothing where meetings are not loaded.
  explicit LiveFigures(Api& api);

 private:
  Api& api_;
  std::vector<std::unique_ptr<Meetings::Registration>> registrations_;
};

}  // namespace sluice::analytics
