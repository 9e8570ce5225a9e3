#pragma once

#include "sluice/json.h"

namespace sluice::videoroom {

class Member;

/// What a participant has of media, for a client that comes back and wants to go on with it: `{transports: [{id,
/// direction, state}], producers, consumers, pinned}`.
[[nodiscard]] json::object media_summary(Member& member);

}  // namespace sluice::videoroom
