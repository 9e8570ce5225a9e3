#include "retention.h"

#include "room_setup.h"
#include "sluice/bus.h"
#include "sluice/log.h"

namespace sluice::meetings {

namespace {
constexpr std::chrono::minutes kInterval{15};
}

void Retention::start() {
  timer_ = context_.host.timers().every(kInterval, [this] { purge(); });
}

void Retention::purge() {
  const WallTime before = context_.host.timers().wall_time() - context_.options.deleted_retention_hours;
  context_.repository.purge(before, lifeline_.guard([this](const Result<std::vector<Meeting>, Error>& gone) {
    if (!gone) {
      context_.host.log().error("deleted meetings were not purged", {{"error", gone.error().what()}});
      return;
    }
    for (const Meeting& meeting : *gone) {
      const MeetingInfo info = info_of(meeting);
      context_.host.bus().publish(MeetingDeleted{info});
    }
  }));
}

}  // namespace sluice::meetings
