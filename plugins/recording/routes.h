#pragma once

#include "access.h"
#include "context.h"
#include "control.h"
#include "downloads.h"
#include "listing.h"
#include "upkeep.h"

namespace sluice::recording {

/// What stands behind the routes.
struct RouteParts {
  Context& context;
  Access& access;
  Control& control;
  Listing& listing;
  Downloads& downloads;
  Upkeep& upkeep;
};

/// The routes below `/api/recordings` and `/api/rooms/{roomId}/recording`.
void serve_routes(const RouteParts& parts);

}  // namespace sluice::recording
