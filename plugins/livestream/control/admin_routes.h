#pragma once

#include "control/context.h"
#include "control/streams.h"

namespace sluice::livestream {

/// `/admin/v1/livestream/streams`: all streams with their figures and processes, and their end by the operator.
void serve_admin_routes(Context& context, Streams& streams);

}  // namespace sluice::livestream
