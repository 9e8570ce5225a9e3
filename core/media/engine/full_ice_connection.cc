#include "core/media/engine/full_ice_connection.h"

#include <array>
#include <utility>

#include "core/media/engine/transport_handle.h"
#include "core/media/ortc/validate.h"

namespace sluice {

namespace {

// Written into a buffer of its own: packets leave through the agent at once.
class FullIcePath final : public PacketPath {
 public:
  explicit FullIcePath(std::shared_ptr<FullIceConnection> connection, ControlLoop& loop)
      : connection_{std::move(connection)}, loop_{loop} {}
  // The agent's end waits for the GLib thread, which the packet path must not.
  ~FullIcePath() override {
    loop_.post([connection = std::move(connection_)] {});
  }

  [[nodiscard]] MutableBytes acquire() noexcept override { return buffer_; }
  void commit(std::size_t size) noexcept override {
    if (size > 0) connection_->send(Bytes{buffer_}.first(size));
  }

 private:
  std::shared_ptr<FullIceConnection> connection_;
  ControlLoop& loop_;
  std::array<std::uint8_t, kMaxDatagram> buffer_{};
};

IceCandidate to_candidate(const IceCandidateInfo& info) {
  return {.foundation = info.foundation,
          .priority = info.priority,
          .ip = info.ip,
          .address = info.ip,
          .protocol = info.protocol,
          .port = info.port,
          .type = info.type,
          .tcp_type = info.tcp_type};
}

IceCandidateInfo to_info(const IceCandidate& candidate) {
  return {.foundation = candidate.foundation,
          .priority = candidate.priority,
          .ip = candidate.address.empty() ? candidate.ip : candidate.address,
          .port = candidate.port,
          .protocol = candidate.protocol,
          .tcp_type = candidate.tcp_type,
          .type = candidate.type};
}

PathState path_state(FullIceState state) {
  switch (state) {
    case FullIceState::connecting:
      return PathState::none;
    case FullIceState::connected:
      return PathState::ready;
    case FullIceState::disconnected:
      return PathState::lost;
    case FullIceState::failed:
      return PathState::failed;
  }
  return PathState::none;
}

}  // namespace

void FullIceConnection::open(const std::shared_ptr<RouterState>& router, GlibThread& thread,
                             const FullIceOptions& options, Ready ready) {
  const auto connection = std::make_shared<FullIceConnection>(router);
  try {
    connection->agent_ = std::make_unique<FullIceAgent>(thread, options, *connection);
  } catch (const std::runtime_error& error) {
    throw Error{ErrorCode::unsupported, error.what()};
  }
  router->gathering.emplace(connection->key_, std::move(ready));
  // From here on the worker's path keeps the connection alive, and what it hears finds its transport.
  EngineContext& context = *router->context;
  const MediaTransport::Spec media{.key = connection->key_, .rtcp_ssrc = context.new_ssrc()};
  context.post(connection->worker_,
               [media, path = std::make_unique<FullIcePath>(connection, context.loop)](
                   WorkerCore& core, Instant now) mutable { core.open(media, std::move(path), now); });
  connection->agent_->gather();
}

FullIceConnection::FullIceConnection(const std::shared_ptr<RouterState>& router)
    : context_{router->context},
      router_{router},
      key_{context_->new_key()},
      place_{std::in_place, context_},
      worker_{place_->worker()} {
  context_->full_ice.emplace(key_, this);
}

FullIceConnection::~FullIceConnection() { context_->full_ice.erase(key_); }

void FullIceConnection::on_gathered(const IceCredentials& local,
                                    const std::vector<IceCandidateInfo>& candidates) noexcept {
  context_->loop.post([self = weak_from_this(), local, candidates] {
    if (const auto connection = self.lock()) connection->finish(local, candidates);
  });
}

void FullIceConnection::finish(const IceCredentials& local, const std::vector<IceCandidateInfo>& candidates) {
  if (std::exchange(gathered_, true)) return;
  const auto router = router_.lock();
  auto waiting = router == nullptr ? decltype(router->gathering)::node_type{} : router->gathering.extract(key_);
  if (waiting.empty()) {
    place_.reset();
    context_->post(worker_, [key = key_](WorkerCore& core, Instant now) { core.close(key, now); });
    return;
  }
  TransportHandle::Spec spec{
      .key = key_,
      .place = std::move(*place_),
      .ice_parameters = {.username_fragment = local.ufrag, .password = local.pwd, .ice_lite = false},
      .ice_candidates = {},
      .full_ice = shared_from_this()};
  for (const IceCandidateInfo& candidate : candidates) spec.ice_candidates.push_back(to_candidate(candidate));
  waiting.mapped()(std::make_unique<TransportHandle>(router, std::move(spec)));
}

void FullIceConnection::connect(const ConnectOptions& options) {
  if (agent_ == nullptr) throw Error{ErrorCode::conflict, "the gateway stops"};
  if (!options.ice_parameters) {
    throw Error{ErrorCode::invalid_payload,
                "iceParameters is missing: this gateway runs full ICE and needs the client's",
                {{"path", "iceParameters"}}};
  }
  ortc::validate(*options.ice_parameters);
  if (options.ice_candidates.size() > kMaxRemoteCandidates) {
    throw Error{ErrorCode::limit_exceeded,
                "iceCandidates has too many entries",
                {{"path", "iceCandidates"}, {"limit", kMaxRemoteCandidates}}};
  }
  std::vector<IceCandidateInfo> candidates;
  for (const IceCandidate& candidate : options.ice_candidates) {
    ortc::validate(candidate, "iceCandidates");
    candidates.push_back(to_info(candidate));
  }
  remote_candidates_ = candidates.size();
  agent_->set_remote({options.ice_parameters->username_fragment, options.ice_parameters->password},
                     std::move(candidates));
}

void FullIceConnection::add_candidate(const IceCandidate& candidate) {
  if (agent_ == nullptr) throw Error{ErrorCode::conflict, "the gateway stops"};
  if (!remote_candidates_) throw Error{ErrorCode::conflict, "the transport is not connected yet"};
  if (*remote_candidates_ >= kMaxRemoteCandidates) {
    throw Error{ErrorCode::limit_exceeded, "too many candidates", {{"limit", kMaxRemoteCandidates}}};
  }
  ++*remote_candidates_;
  agent_->add_remote_candidates({to_info(candidate)});
}

// On the GLib thread, straight to the worker: whether the engine has stopped is the control thread's to know, and it
// shuts the agents after the workers.
void FullIceConnection::on_packet(Bytes packet) noexcept {
  if (backlog_->fetch_add(1, std::memory_order_relaxed) >= kMaxBacklog) {
    backlog_->fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  context_->worker(worker_).post(
      [key = key_, backlog = backlog_, copy = std::vector<std::uint8_t>(packet.begin(), packet.end())](
          WorkerCore& core, Instant now) mutable {
        backlog->fetch_sub(1, std::memory_order_relaxed);
        core.handle_path_datagram(key, copy, now);
      });
}

void FullIceConnection::on_state(FullIceState state) noexcept {
  context_->worker(worker_).post(
      [key = key_, path = path_state(state)](WorkerCore& core, Instant now) { core.set_path_state(key, path, now); });
}

}  // namespace sluice
