#pragma once

#include <string_view>

#include "sluice/contracts/rooms.h"
#include "sluice/host.h"
#include "sluice/json.h"

namespace sluice::meetings {

/// What a client needs for its peer connections.
class WebRtcConfig {
 public:
  /// Learns the gateway's codecs: those of one router are those of every room.
  explicit WebRtcConfig(Host& host);

  /// In the REST API's form: `{ice_servers, turn_servers, router_id?, router_capabilities?}`, the last two where the
  /// room is open. The TURN servers stand in `ice_servers`, too; their credentials are the user's, for a limited time.
  [[nodiscard]] json::object for_user(std::string_view user_id, const Room* room) const;
  /// The same without relays: their credentials are for who has been let in, and come with `room:joined`.
  [[nodiscard]] json::object for_who_waits(std::string_view user_id, const Room* room) const;

 private:
  [[nodiscard]] json::object with_room(json::object config, const Room* room) const;

  Host& host_;
  json::value capabilities_;
};

}  // namespace sluice::meetings
