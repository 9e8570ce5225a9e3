#include "core/dispatch/client_session.h"

#include <utility>

namespace sluice {

namespace {

constexpr std::size_t kMaxUserAgentBytes = 256;

}  // namespace

ClientSession::ClientSession(std::shared_ptr<Connection> connection, const ConnectRequest& request, Identity identity,
                             const Profile* profile, WallTime now)
    : connection_{std::move(connection)},
      identity_{std::move(identity)},
      remote_address_{request.remote.to_string()},
      user_agent_{sanitise_text(request.user_agent, kMaxUserAgentBytes)},
      door_{request.door},
      connected_at_{now} {
  if (profile != nullptr) profile_.emplace(*profile);
}

void ClientSession::send(std::string_view event, json::value data) {
  auto outbound = std::make_shared<const OutboundEvent>(std::string{event}, std::move(data));
  if (!profile_) return connection_->send_event(std::move(outbound));
  send_all(older_events(profile_->profile(), profile_->context(), outbound));
}

void ClientSession::send_all(const OutboundEvents& events) {
  for (const auto& event : events) connection_->send_event(event);
}

void ClientSession::disconnect(ErrorCode code, std::string_view reason) { connection_->disconnect(code, reason); }

}  // namespace sluice
