#include "core/dispatch/local_door.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace sluice {

namespace {

class LocalClientHandle final : public LocalClient {
 public:
  explicit LocalClientHandle(std::shared_ptr<LocalConnection> connection) : connection_{std::move(connection)} {}
  ~LocalClientHandle() override { connection_->leave(); }
  LocalClientHandle(const LocalClientHandle&) = delete;
  LocalClientHandle& operator=(const LocalClientHandle&) = delete;

  [[nodiscard]] ClientId id() const noexcept override { return ClientId{connection_->id().value()}; }
  void call(std::string_view event, json::value data, Answer answer) override {
    connection_->call(event, std::move(data), std::move(answer));
  }

 private:
  // Owners: see LocalConnection.
  std::shared_ptr<LocalConnection> connection_;
};

// `203.0.113.7:51324` or `[2001:db8::1]:51324`; empty where it is neither.
SocketAddress parse_remote(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  std::uint16_t port = 0;
  const auto digits = text.substr(colon + 1);
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (problem != std::errc{} || end != digits.data() + digits.size()) return {};
  return SocketAddress::parse(text.substr(0, colon), port).value_or(SocketAddress{});
}

}  // namespace

std::unique_ptr<LocalClient> LocalDoor::connect(std::shared_ptr<CallbackScope> scope, LocalClientOptions options) {
  if (draining_) throw Error{ErrorCode::draining, "the gateway is about to stop and takes no new clients"};
  ConnectRequest request;
  request.door = DoorKind::plugin;
  request.identity = std::move(options.identity);
  request.remote = parse_remote(options.remote_address);
  request.user_agent = std::move(options.user_agent);

  const ConnectionId id{next_id_++};
  const auto connection = std::make_shared<LocalConnection>(id, std::move(scope), std::move(options), handler_, loop_);
  handler_.on_connect(connection, std::move(request));
  if (connection->refusal()) throw Error{*connection->refusal()};
  forget_ended();
  connections_.emplace(id, connection);
  return std::make_unique<LocalClientHandle>(connection);
}

void LocalDoor::remove_all(const CallbackScope& scope) {
  for (const auto& [id, weak] : connections_) {
    const auto connection = weak.lock();
    if (connection != nullptr && &connection->scope() == &scope) connection->leave();
  }
}

// Each time the table has doubled: so the work per connect stays the same however many there are.
void LocalDoor::forget_ended() {
  if (connections_.size() < forget_at_) return;
  std::erase_if(connections_, [](const auto& entry) { return entry.second.expired(); });
  forget_at_ = std::max(kForgetAtLeast, connections_.size() * 2);
}

}  // namespace sluice
