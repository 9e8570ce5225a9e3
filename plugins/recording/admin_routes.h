#pragma once

#include "context.h"
#include "production_queue.h"
#include "recorder.h"

namespace sluice::recording {

/// `GET /admin/v1/recordings`: what is being captured and produced, and the newest records, for operators.
void serve_admin_routes(Context& context, Recorder& recorder, ProductionQueue& queue);

}  // namespace sluice::recording
