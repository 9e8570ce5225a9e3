#pragma once

#include "context.h"
#include "parts.h"

namespace sluice::meetings {

/// The routes of a meeting whose data other plugins keep: they answer where they are loaded, and FEATURE_NOT_LOADED is
/// the answer where not. docs/rest-api.md lists them.
void serve_part_routes(Context& context, Parts& parts);

}  // namespace sluice::meetings
