#pragma once

#include <cstdint>
#include <optional>

#include "sluice/json.h"

/// What moderators ask for: the data of each event.
namespace sluice::waitingroom {

/// Ids are ours; a longer text cannot name anything.
using WaitingId = Text<128>;

struct ListWaiting {
  std::optional<std::uint32_t> offset;
  std::optional<std::uint32_t> limit;
};
BOOST_DESCRIBE_STRUCT(ListWaiting, (), (offset, limit))

struct AdmitWaiting {
  WaitingId participant_id;  ///< or `all`
};
BOOST_DESCRIBE_STRUCT(AdmitWaiting, (), (participant_id))

struct DenyWaiting {
  WaitingId participant_id;
  std::optional<Text<256>> reason;
  std::optional<bool> ban;  ///< nor may it come again, for the room's life
};
BOOST_DESCRIBE_STRUCT(DenyWaiting, (), (participant_id, reason, ban))

}  // namespace sluice::waitingroom
