#pragma once

#include "admission_step.h"
#include "context.h"
#include "figures.h"
#include "join_desk.h"
#include "join_routes.h"
#include "live_meetings.h"
#include "live_routes.h"
#include "parts.h"
#include "policy_routes.h"
#include "recovery.h"
#include "session_store.h"
#include "system_routes.h"
#include "webrtc_config.h"

namespace sluice::meetings {

/// The live meetings and what they stand on; made before the context, which refers to them.
struct LiveCore {
  LiveCore(Host& host, Rooms& rooms) : store{host}, figures{host.log()}, meetings{rooms, store, figures} {}

  SessionStore store;
  Figures figures;
  LiveMeetings meetings;
};

/// The plugin's live half, put together: who may join, what is answered, what other plugins are offered.
class LiveSide {
 public:
  LiveSide(Context& context, LiveCore& core, Rooms& rooms, Admission& admission);

  /// Serves the routes, puts right what an earlier process has left, and listens to the rooms.
  void begin();
  void reconfigured() { core_.meetings.reconfigured(); }
  /// Writes how far live meetings have come.
  void stop() { core_.meetings.stop(); }
  /// The service `sluice.meetings`.
  [[nodiscard]] Meetings& service() noexcept { return parts_; }

 private:
  Context& context_;
  LiveCore& core_;
  Recovery recovery_;
  JoinDesk desk_;
  AdmissionStep step_;
  Parts parts_;
  WebRtcConfig webrtc_;
  LiveRoutes live_routes_;
  JoinRoutes join_routes_;
  PolicyRoutes policy_routes_;
  SystemRoutes system_routes_;
};

}  // namespace sluice::meetings
