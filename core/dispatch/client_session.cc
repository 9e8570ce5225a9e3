#include "core/dispatch/client_session.h"

#include <utility>

namespace sluice {

namespace {

constexpr std::size_t kMaxUserAgentBytes = 256;

}  // namespace

ClientSession::ClientSession(std::shared_ptr<Connection> connection, const ConnectRequest& request, Identity identity)
    : connection_{std::move(connection)},
      identity_{std::move(identity)},
      remote_address_{request.remote.to_string()},
      user_agent_{sanitise_text(request.user_agent, kMaxUserAgentBytes)} {}

void ClientSession::send(std::string_view event, json::value data) {
  connection_->send_event(std::make_shared<const OutboundEvent>(std::string{event}, std::move(data)));
}

void ClientSession::disconnect(ErrorCode code, std::string_view reason) { connection_->disconnect(code, reason); }

}  // namespace sluice
