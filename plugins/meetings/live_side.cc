#include "live_side.h"

#include "part_routes.h"

namespace sluice::meetings {

LiveSide::LiveSide(Context& context, LiveCore& core, Rooms& rooms, Admission& admission)
    : context_{context},
      core_{core},
      recovery_{context, core.meetings, core.store},
      desk_{context, core.meetings, core.store},
      step_{context, desk_, core.meetings, rooms, admission},
      parts_{context, core.meetings, core.figures},
      webrtc_{context.host},
      live_routes_{context, core.meetings, core.figures, parts_, webrtc_},
      join_routes_{context, desk_, core.meetings, webrtc_},
      policy_routes_{context},
      system_routes_{context, core.meetings, core.store, rooms} {}

void LiveSide::begin() {
  core_.meetings.begin(context_);
  live_routes_.serve();
  join_routes_.serve();
  policy_routes_.serve();
  system_routes_.serve();
  serve_part_routes(context_, parts_);
  recovery_.run();
}

}  // namespace sluice::meetings
