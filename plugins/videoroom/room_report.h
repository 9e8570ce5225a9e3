#pragma once

#include <cstddef>

#include "sluice/http.h"
#include "sluice/json.h"

namespace sluice::videoroom {

struct Context;
class LiveRoom;

/// Which participants a report shows.
struct ReportPage {
  std::size_t offset = 0;
  std::size_t limit = 0;
};

/// `{roomId, name, size, maxParticipants, tenant, producers}`
[[nodiscard]] json::object admin_summary(const LiveRoom& room);

/// Answers with the room and the statistics of the media of its participants, once the workers have told them; what
/// they do not tell in time is left out.
void send_room_report(Context& context, LiveRoom& room, ReportPage page, HttpReply reply);

}  // namespace sluice::videoroom
