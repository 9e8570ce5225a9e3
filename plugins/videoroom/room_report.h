#pragma once

#include <cstddef>
#include <vector>

#include "sluice/json.h"
#include "sluice/rest.h"

/// Rooms and participants as an operator sees them, with the figures of their media: the answers of room_admin.h.
namespace sluice::videoroom {

struct Context;
class LiveRoom;
class Member;
class RoomActivities;

/// Which participants a report shows.
struct ReportPage {
  std::size_t offset = 0;
  std::size_t limit = 0;
};

/// In rooms of more participants a room's report says only how much each of them receives, `consumerCount`: there is
/// too much of it to be told one by one. A participant's report has it.
inline constexpr std::size_t kMostForConsumers = 50;

/// `{roomId, name, size, maxParticipants, tenant, createdAt, away, publishers, producers, recording, streaming,
/// dominantSpeaker, spotlight, lastN}`
[[nodiscard]] json::object admin_summary(LiveRoom& room, const RoomActivities& activities);

/// `data`, with `rooms`: the summaries of these, and what they receive and send once the workers have told it.
void send_room_list(Context& context, const RoomActivities& activities, const std::vector<LiveRoom*>& rooms,
                    json::object data, rest::Reply reply);
/// The room with its participants, and the figures of their media.
void send_room_report(Context& context, const RoomActivities& activities, LiveRoom& room, ReportPage page,
                      rest::Reply reply);
/// One participant, with all that is known of it.
void send_participant_report(Context& context, Member& member, rest::Reply reply);

}  // namespace sluice::videoroom
