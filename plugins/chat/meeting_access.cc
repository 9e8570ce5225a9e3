#include "meeting_access.h"

#include <utility>

#include "conversations.h"

namespace sluice::chat {

Where where_of(const MeetingInfo& meeting) {
  return {.tenant = meeting.tenant, .conversation = Conversations::meeting_key(meeting.id)};
}

void admit_reader(Meetings& meetings, const Identity& caller, std::string_view meeting_id, Admitted admitted) {
  meetings.find(caller, meeting_id, MeetingAccess::moderator,
                [&meetings, caller, id = std::string{meeting_id},
                 admitted = std::move(admitted)](Result<MeetingInfo, Error> found) mutable {
                  if (found) {
                    return admitted(Viewer{.where = where_of(*found), .user_id = caller.user_id, .moderator = true});
                  }
                  meetings.find(
                      caller, id, MeetingAccess::participant,
                      [user = caller.user_id, admitted = std::move(admitted)](Result<MeetingInfo, Error> seen) mutable {
                        if (!seen) return admitted(seen.error());
                        admitted(Viewer{.where = where_of(*seen), .user_id = user, .moderator = false});
                      });
                });
}

}  // namespace sluice::chat
