#include "access.h"

#include <utility>

#include "records.h"
#include "store_task.h"

namespace sluice::recording {

namespace {

struct Known {
  std::optional<Record> record;
  std::optional<Person> person;
};

}  // namespace

Error no_such_recording() { return Error{ErrorCode::not_found, "there is no such recording"}; }

void Access::find(const Identity& caller, const std::string& id, Need need, Found found) {
  in_store(
      context_,
      [id, user = caller.user_id](StoreTransaction& store) {
        return Known{.record = recording::find(store, id), .person = find_person(store, id, user)};
      },
      [this, caller, need, found = std::move(found)](const Result<Known, Error>& known) mutable {
        if (!known) return found(known.error());
        const auto& record = known->record;
        if (!record || record->state == State::deleted || record->tenant != caller.tenant) {
          return found(no_such_recording());
        }
        const auto& person = known->person;
        const bool own = record->started_by == caller.user_id || (person && person->moderator);
        if (own || (person && need == Need::see)) return found(*record);
        ask_meeting(caller, *record, need, person.has_value(), std::move(found));
      });
}

void Access::ask_meeting(const Identity& caller, const Record& record, Need need, bool sees, Found found) {
  const auto denied = [](bool seen) {
    return seen ? Error{ErrorCode::permission_denied, "recordings are deleted by who has started them, or moderates"}
                : no_such_recording();
  };
  if (context_.meetings == nullptr || record.meeting_id.empty()) return found(denied(sees));
  const auto access = need == Need::see ? MeetingAccess::participant : MeetingAccess::moderator;
  context_.meetings->find(caller, record.meeting_id, access,
                          context_.lifeline.guard([record, sees, denied, found = std::move(found)](
                                                      const Result<MeetingInfo, Error>& meeting) mutable {
                            if (meeting) return found(record);
                            found(denied(sees || meeting.error().code() == ErrorCode::permission_denied));
                          }));
}

}  // namespace sluice::recording
