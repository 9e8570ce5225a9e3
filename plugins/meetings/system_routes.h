#pragma once

#include <string>

#include "context.h"
#include "live_meetings.h"
#include "meeting_call.h"
#include "session_store.h"
#include "sluice/lifeline.h"

namespace sluice::meetings {

/// What is of no one meeting: `health`, `status`, `system/health`, `system/webrtc-health`, `system/stats`.
class SystemRoutes {
 public:
  SystemRoutes(Context& context, LiveMeetings& live, SessionStore& store, Rooms& rooms);

  void serve();

 private:
  void serve_health(const std::string& prefix);
  void serve_media(const std::string& prefix);
  void serve_stats(const std::string& prefix);

  /// 503 where the database does not answer.
  void answer_health(const Answer& answer, bool database) const;
  void answer_media_health(rest::Reply reply) const;
  void answer_stats(const Identity& caller, const Answer& answer);
  [[nodiscard]] json::object overview() const;
  [[nodiscard]] std::int64_t uptime_seconds() const;
  [[nodiscard]] std::string timestamp() const;

  Context& context_;
  LiveMeetings& live_;
  SessionStore& store_;
  Rooms& rooms_;
  Instant started_;
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
