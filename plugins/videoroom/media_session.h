#pragma once

#include "media_state.h"
#include "peer_connection.h"
#include "publications.h"
#include "subscriptions.h"
#include "transports.h"

namespace sluice::videoroom {

/// The media of one participant.
struct MediaSession {
  MediaSession(Context& context, Member& member) noexcept
      : transports{context, member},
        publications{context, member, transports},
        subscriptions{context, member, transports},
        peer_connection{context, member, transports, publications, subscriptions},
        state{member, publications} {}

  void close() {
    peer_connection.close();
    subscriptions.close_all();
    publications.close_all();
    transports.close_all();
  }

  Transports transports;
  Publications publications;
  Subscriptions subscriptions;
  PeerConnection peer_connection;
  MediaState state;
};

}  // namespace sluice::videoroom
