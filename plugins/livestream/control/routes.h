#pragma once

#include "control/context.h"
#include "control/control.h"

namespace sluice::livestream {

/// The events `stream:...`.
void answer_events(Context& context, Control& control);
/// The routes below `/api/rooms/{roomId}/stream`.
void serve_room_routes(Context& context, Control& control);

}  // namespace sluice::livestream
