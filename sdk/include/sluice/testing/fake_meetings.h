#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "sluice/contracts/meetings.h"

namespace sluice::testing {

/// One meeting, in the room `meeting`, for the tests of plugins that keep something of it. Provide it by
/// `host.services().provide<Meetings>(meetings)`.
class FakeMeetings final : public Meetings {
 public:
  void find(const Identity& caller, std::string_view meeting_id, MeetingAccess access, Found found) override {
    const Error none{ErrorCode::not_found, "there is no such meeting"};
    if (meeting_id != info.id || caller.tenant != info.tenant) return found(none);
    if (moderators.contains(caller.user_id)) return found(info);
    if (!participants.contains(caller.user_id)) return found(none);
    if (access == MeetingAccess::moderator) return found(Error{ErrorCode::permission_denied, "may not"});
    found(info);
  }
  [[nodiscard]] std::optional<MeetingInfo> meeting_of(Room& room) override {
    return room.id() == info.room_id && room.tenant() == info.tenant ? std::optional{info} : std::nullopt;
  }
  [[nodiscard]] std::unique_ptr<Registration> provide_part(std::string_view part, PartHandler handler) override {
    parts[std::string{part}] = std::move(handler);
    return std::make_unique<Registration>();
  }
  [[nodiscard]] std::unique_ptr<Registration> provide_figure(std::string_view name, Figure figure) override {
    figures[std::string{name}] = std::move(figure);
    return std::make_unique<Registration>();
  }

  MeetingInfo info{.id = "meeting",
                   .tenant = {},
                   .room_id = "meeting",
                   .name = "Weekly",
                   .host_user_id = "host",
                   .recording_config = {}};
  std::set<std::string> moderators{"host", "cohost"};
  std::set<std::string> participants{"anna", "ben"};
  std::map<std::string, PartHandler> parts;
  std::map<std::string, Figure> figures;
};

}  // namespace sluice::testing
