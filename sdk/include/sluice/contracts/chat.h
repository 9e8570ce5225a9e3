#pragma once

#include <string_view>

#include "sluice/contracts/rooms.h"

/// What the chat tells other plugins.
/// @note Control thread only.
namespace sluice {

/// A message was stored and sent. References are valid during the call.
struct ChatMessageSent {
  static constexpr std::string_view kTopic = "sluice.chat/1:message-sent";
  Participant& sender;
  std::string_view message_id;
  std::string_view type;       ///< `text`, `file`, `poll`, `announcement`
  std::string_view recipient;  ///< `all`, `host`, or a participant's id
  std::string_view text;
};

}  // namespace sluice
