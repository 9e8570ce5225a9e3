#pragma once

#include "core/net/http_message.h"
#include "core/net/http_responder.h"
#include "core/net/listener_core.h"
#include "core/net/web_socket.h"

namespace sluice::net {

/// Sees to it that a request is answered: by its route, a static file, the CORS list, or 403, 404, 405.
void dispatch(ListenerCore& core, HttpRequest request, const HttpResponder& responder);

/// Asks the path's acceptor about an upgrade. Without one the answer is 404.
[[nodiscard]] AcceptDecision decide_upgrade(ListenerCore& core, HttpRequest request);

}  // namespace sluice::net
