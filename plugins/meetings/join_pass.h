#pragma once

#include <optional>
#include <string>

#include "sluice/contracts/rooms.h"
#include "sluice/identity.h"
#include "sluice/tokens.h"

namespace sluice::meetings {

/// What a join token says beyond who somebody is: the one room that it opens. It travels as claims of a token of the
/// gateway (`room`, `meeting`, `participant`, `room_role`, `room_admin`).
struct JoinPass {
  std::string meeting_id;
  std::string room_id;
  std::string participant_id;  ///< as the answer to the join named it
  Role role = Role::attendee;
  bool admin = false;  ///< the role is that of an administrator, which nothing else of the token tells
};

/// The token of a join. It says less of the user than the token that was shown: nothing by which somebody is an
/// administrator, because it is handed from page to page.
[[nodiscard]] TokenRequest token_for(const JoinPass& pass, const Identity& who, std::chrono::seconds lifetime);
/// Nothing where the identity came by another token.
[[nodiscard]] std::optional<JoinPass> read_pass(const Identity& who);

}  // namespace sluice::meetings
