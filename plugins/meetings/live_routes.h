#pragma once

#include <string>

#include "context.h"
#include "figures.h"
#include "live_meetings.h"
#include "meeting_call.h"
#include "parts.h"
#include "sluice/lifeline.h"
#include "webrtc_config.h"

namespace sluice::meetings {

/// `POST {id}/start`, `POST {id}/end`, and what may be asked about a meeting that is live.
class LiveRoutes {
 public:
  LiveRoutes(Context& context, LiveMeetings& live, Figures& figures, Parts& parts, const WebRtcConfig& webrtc)
      : context_{context}, live_{live}, figures_{figures}, parts_{parts}, webrtc_{webrtc} {}

  void serve();

 private:
  void serve_control(const std::string& meeting);
  void serve_reports(const std::string& meeting);

  [[nodiscard]] json::object config_for(const Asked& asked) const;
  void start(const Asked& asked, const Answer& answer);
  void end(const Asked& asked, const Answer& answer);
  void answer_started(const Identity& caller, const Meeting& meeting, const Answer& answer);

  Context& context_;
  LiveMeetings& live_;
  Figures& figures_;
  Parts& parts_;
  const WebRtcConfig& webrtc_;
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
