#include "media_notice.h"

#include <utility>
#include <vector>

#include "context.h"
#include "live_room.h"
#include "sluice/bus.h"

namespace sluice::videoroom {

namespace {

/// So many in one turn are told one by one; more go into a batch, however small the room is.
constexpr std::size_t kSingly = 2;

}  // namespace

void MediaNotice::changed(const Member& member) {
  if (!changed_.insert(member.id()).second || changed_.size() > 1) return;
  timer_ = context_.host.timers().after(Duration::zero(), [this] { tell(); });
}

void MediaNotice::tell() {
  std::vector<Member*> members;
  for (const std::string& id : std::exchange(changed_, {})) {
    Member* member = room_.find(id);
    if (member != nullptr && member->media().state.take_change()) members.push_back(member);
  }
  for (Member* member : members) {
    if (members.size() > kSingly) {
      room_.presence().updated_in_batch(*member);
    } else {
      room_.presence().updated(*member);
    }
    context_.host.bus().publish(ParticipantUpdated{*member});
  }
}

}  // namespace sluice::videoroom
