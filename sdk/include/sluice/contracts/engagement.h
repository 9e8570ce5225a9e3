#pragma once

#include <string_view>

#include "sluice/contracts/rooms.h"

/// What hands and reactions tell other plugins.
/// @note Control thread only.
namespace sluice {

struct HandRaised {
  static constexpr std::string_view kTopic = "sluice.engagement/1:hand-raised";
  Participant& participant;
};
struct ReactionSent {
  static constexpr std::string_view kTopic = "sluice.engagement/1:reaction-sent";
  Participant& participant;
  std::string_view emoji;
};

}  // namespace sluice
