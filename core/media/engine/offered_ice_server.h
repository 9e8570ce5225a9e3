#pragma once

#include <chrono>
#include <string_view>

#include "sluice/ortc.h"
#include "sluice/secret.h"
#include "sluice/time.h"

namespace sluice {

/// A STUN or TURN server that clients are told of.
struct OfferedIceServer {
  IceServer server;
  /// Shared with the TURN server: credentials are made of it for each user. Empty: those of `server` are for all.
  Secret secret = {};
  std::chrono::seconds lifetime{86'400};

  /// What `user_id` is told at `now`: draft-uberti-behave-turn-rest-00 section 2.2.
  [[nodiscard]] IceServer for_user(std::string_view user_id, WallTime now) const;
};

}  // namespace sluice
