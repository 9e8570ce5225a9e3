#pragma once

#include <optional>
#include <string>
#include <vector>

#include "records/session_table.h"
#include "sluice/contracts/chat.h"
#include "sluice/contracts/engagement.h"
#include "sluice/contracts/recording.h"
#include "sluice/testing/fake_host.h"
#include "sluice/testing/fake_media_taps.h"
#include "sluice/testing/fake_meetings.h"
#include "sluice/testing/fake_rooms.h"

namespace sluice::analytics::testing {

using namespace sluice::testing;
using namespace std::chrono_literals;

inline Identity user(const std::string& id, const std::string& tenant = {}) {
  Identity identity;
  identity.user_id = id;
  identity.name = "User " + id;
  identity.tenant = tenant;
  return identity;
}

/// Rooms whose sessions are kept.
class AnalyticsRooms {
 public:
  explicit AnalyticsRooms(RecordOptions options = {}) : table{host, rooms, &meetings, options} {}
  /// Begins to listen, where nobody else does it.
  void start() {
    table.start([this](const Room&, const Session& session) { ended.push_back(session.id()); });
  }
  FakeRoom& room(const std::string& id, const std::string& tenant = {}) {
    RoomOptions options;
    options.id = id;
    options.name = "Room " + id;
    options.tenant = tenant;
    return rooms.open(options);
  }
  FakeParticipant& join(FakeRoom& room, const std::string& id, Role role = Role::attendee) {
    return room.join(host.connect(user(id, room.tenant())), role);
  }
  void heard(Room& room, const Participant& who, int minus_dbov, bool voice, Duration interval = 1s) {
    const Voice voices[] = {{who.id(), static_cast<std::uint8_t>(minus_dbov), voice}};
    host.bus().publish(VoicesHeard{room, voices, interval});
  }
  void says(Room& room, const Participant& who) {
    host.bus().publish(ChatMessageSent{.room = room,
                                       .participant_id = who.id(),
                                       .user_id = who.identity().user_id,
                                       .name = who.name(),
                                       .message_id = "m",
                                       .type = "text",
                                       .recipient = "all",
                                       .text = "Hello"});
  }
  SessionChanges changes(bool touch_all = false) {
    SessionChanges out;
    table.take_changes(out, touch_all);
    return out;
  }
  SessionRow row(const Room& room) { return table.find(room)->row(table.this_moment()); }
  PersonRow person(const Room& room, const std::string& user_id) {
    for (PersonRow& one : table.find(room)->people(table.this_moment())) {
      if (one.user_id == user_id) return one;
    }
    return {};
  }

  FakeHost host{"analytics"};
  FakeRooms rooms{host};
  FakeMediaTaps media{host};
  FakeMeetings meetings;
  SessionTable table;
  std::vector<SessionId> ended;
};

}  // namespace sluice::analytics::testing
