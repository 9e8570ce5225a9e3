#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options.h"
#include "requests.h"
#include "sluice/host.h"
#include "sluice/identity.h"

/// From what is asked for to a meeting. What does not fit is Error{invalid_payload} with the field's path.
/// @note Control thread only.
namespace sluice::meetings {

/// Those who create have a name and a tenant; `now` is the start of an instant meeting.
[[nodiscard]] Meeting new_meeting(const CreateMeeting& request, const Identity& creator, const Options& options,
                                  Host& host);
/// Everything but the password and the participants.
void apply_update(const UpdateMeeting& request, const Options& options, Meeting& meeting);

/// The people of `participants`: each once, without the creator.
[[nodiscard]] std::vector<Invited> read_people(const json::array& people, const Meeting& meeting,
                                               const Options& options, Host& host);
/// The creator's own row.
[[nodiscard]] Invited row_of_creator(const Meeting& meeting, const Identity& creator, Host& host);

}  // namespace sluice::meetings
