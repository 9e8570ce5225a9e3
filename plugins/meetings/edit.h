#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "door.h"
#include "recurrence.h"

namespace sluice::meetings {

/// A meeting that is to be written, and what takes time to be made ready for it.
struct Edited {
  Meeting meeting;
  std::optional<std::string> password = {};         ///< as typed; empty: none any more
  std::optional<std::vector<Invited>> people = {};  ///< who shall be invited
  std::optional<WallTime> occurs_at = {};           ///< must be the start of an occurrence
  bool unchanged = false;                           ///< there is nothing to write
};

/// Hashes the password and reckons the occurrences, in the background where there is either. `done` gets what may be
/// written, or why it may not.
void make_ready(Context& context, Edited edited, Function<void(Result<Repository::Draft, Error>)> done);

/// One change of a meeting by REST: found, changed by `change` (which may be called again, if somebody else was quicker
/// and the caller has not said by If-Match what it had seen), made ready, written, answered by `finish`.
struct Edit {
  Standing least = Standing::host;
  std::function<Edited(const Seen&)> change;  ///< throws Error
  std::function<void(const Seen&, Repository::Written, rest::Reply&)> finish;
};
void edit_meeting(Context& context, const HttpRequest& http, rest::Reply reply, Edit edit);

/// `"7"`
[[nodiscard]] std::string entity_tag(const Meeting& meeting);

}  // namespace sluice::meetings
