#pragma once

#include <string_view>

#include "sluice/contracts/rooms.h"

/// What the chat tells other plugins.
/// @note Control thread only.
namespace sluice {

/// A message was stored and sent, in a room that is still open. References are valid during the call.
struct ChatMessageSent {
  static constexpr std::string_view kTopic = "sluice.chat/1:message-sent";
  Room& room;
  std::string_view participant_id;  ///< of the sender, who may have left meanwhile
  std::string_view user_id;
  std::string_view name;
  std::string_view message_id;
  std::string_view type;       ///< `text`, `file`, `poll`, `announcement`
  std::string_view recipient;  ///< `all`, `host`, or a participant's id
  std::string_view text;
};

}  // namespace sluice
