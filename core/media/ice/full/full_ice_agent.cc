#include "core/media/ice/full/full_ice_agent.h"

#include <nice/agent.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/media/ice/full/glib_thread.h"
#include "core/media/ice/full/nice_candidates.h"

namespace sluice {
namespace {

constexpr guint kComponent = NICE_COMPONENT_TYPE_RTP;

using NiceAgentPtr = GlibPtr<NiceAgent, g_object_unref>;
using GlibString = GlibPtr<gchar, g_free>;

NiceRelayType relay_type(TurnTransport transport) noexcept {
  switch (transport) {
    case TurnTransport::udp:
      return NICE_RELAY_TYPE_TURN_UDP;
    case TurnTransport::tcp:
      return NICE_RELAY_TYPE_TURN_TCP;
    case TurnTransport::tls:
      break;
  }
  return NICE_RELAY_TYPE_TURN_TLS;
}

NiceAgentPtr make_agent(GMainContext* context, const FullIceOptions& options) {
  // Trickle: remote candidates may come late, and a peer that tells none at all is found by its own checks.
  const auto flags = static_cast<NiceAgentOption>(NICE_AGENT_OPTION_REGULAR_NOMINATION | NICE_AGENT_OPTION_ICE_TRICKLE |
                                                  NICE_AGENT_OPTION_CONSENT_FRESHNESS);
  NiceAgentPtr agent{nice_agent_new_full(context, NICE_COMPATIBILITY_RFC5245, flags)};
  const gboolean controlling = options.role == IceRole::controlling ? TRUE : FALSE;
  const gboolean relay_only = options.relay_only ? TRUE : FALSE;
  // UPnP would open holes in somebody's router; TCP candidates of our own are the lite agent's business.
  g_object_set(agent.get(), "controlling-mode", controlling, "force-relay", relay_only, "upnp", FALSE, "ice-tcp", FALSE,
               nullptr);
  if (options.stun) {
    g_object_set(agent.get(), "stun-server", options.stun->host.c_str(), "stun-server-port",
                 static_cast<guint>(options.stun->port), nullptr);
  }
  return agent;
}

void add_local_addresses(NiceAgent* agent, const std::vector<std::string>& addresses) {
  for (const std::string& text : addresses) {
    const auto address = SocketAddress::parse(text, 0);
    NiceAddress converted{};
    nice_address_init(&converted);
    if (address) nice_address_set_from_sockaddr(&converted, address->data());
    if (!address || nice_agent_add_local_address(agent, &converted) == FALSE) {
      throw std::runtime_error{"ICE cannot listen on local address " + text};
    }
  }
}

void add_turn_servers(NiceAgent* agent, guint stream, const std::vector<TurnServer>& servers) {
  for (std::size_t i = 0; i < servers.size() && i < kMaxTurnServers; ++i) {
    const TurnServer& server = servers[i];
    if (nice_agent_set_relay_info(agent, stream, kComponent, server.host.c_str(), server.port, server.user.c_str(),
                                  server.password.c_str(), relay_type(server.transport)) == FALSE) {
      throw std::runtime_error{"ICE cannot use TURN server " + server.host};
    }
  }
}

}  // namespace

/// Lives on the GLib thread, except for construction and send().
class FullIceAgent::Impl {
 public:
  Impl(GlibThread& thread, const FullIceOptions& options, Listener& listener)
      : thread_{thread},
        listener_{listener},
        agent_{make_agent(thread.context(), options)},
        stream_{nice_agent_add_stream(agent_.get(), 1)} {
    if (stream_ == 0) throw std::runtime_error{"ICE cannot create a stream"};
    if (options.announced) {
      announced_ = SocketAddress::parse(*options.announced, 0);
      if (!announced_) throw std::runtime_error{"ICE cannot announce " + *options.announced};
    }
    add_local_addresses(agent_.get(), options.local_addresses);
    add_turn_servers(agent_.get(), stream_, options.turn);
    if (options.max_port != 0) {
      nice_agent_set_port_range(agent_.get(), stream_, kComponent, options.min_port, options.max_port);
    }
    g_signal_connect(agent_.get(), "candidate-gathering-done", G_CALLBACK(handle_gathered), this);
    g_signal_connect(agent_.get(), "component-state-changed", G_CALLBACK(handle_state), this);
    nice_agent_attach_recv(agent_.get(), stream_, kComponent, thread_.context(), handle_packet, this);
  }

  void gather() {
    if (nice_agent_gather_candidates(agent_.get(), stream_) == FALSE) listener_.on_gathered(local_credentials(), {});
  }

  void set_remote(const IceCredentials& remote, const std::vector<IceCandidateInfo>& candidates) {
    remote_candidates_ = 0;
    nice_agent_set_remote_credentials(agent_.get(), stream_, remote.ufrag.c_str(), remote.pwd.c_str());
    add_remote_candidates(candidates);
  }

  void add_remote_candidates(const std::vector<IceCandidateInfo>& candidates) {
    const std::size_t room = kMaxRemoteCandidates - remote_candidates_;
    const std::span<const IceCandidateInfo> taken{candidates.data(), std::min(room, candidates.size())};
    remote_candidates_ += taken.size();
    const NiceCandidateList list = to_nice(taken, stream_);
    if (list != nullptr) nice_agent_set_remote_candidates(agent_.get(), stream_, kComponent, list.get());
  }

  void end_of_remote_candidates() { nice_agent_peer_candidate_gathering_done(agent_.get(), stream_); }

  void restart() {
    nice_agent_restart_stream(agent_.get(), stream_);
    change_state(FullIceState::connecting);
    listener_.on_gathered(local_credentials(), local_candidates());
  }

  bool send(Bytes packet) noexcept {
    const int sent = nice_agent_send(agent_.get(), stream_, kComponent, static_cast<guint>(packet.size()),
                                     reinterpret_cast<const gchar*>(packet.data()));
    return sent == static_cast<int>(packet.size());
  }

  /// No callback after this. The agent itself lives on until its TURN servers have released the allocations.
  void close() {
    g_signal_handlers_disconnect_by_data(agent_.get(), this);
    // Not detached: libnice would not read the TURN server's answer any more.
    nice_agent_attach_recv(agent_.get(), stream_, kComponent, thread_.context(), discard_packet, nullptr);
    thread_.begin_closing();
    nice_agent_close_async(agent_.get(), handle_closed, &thread_);
    agent_.reset();  // close_async() holds a reference of its own
  }

 private:
  IceCredentials local_credentials() {
    gchar* ufrag = nullptr;
    gchar* pwd = nullptr;
    if (nice_agent_get_local_credentials(agent_.get(), stream_, &ufrag, &pwd) == FALSE) return {};
    const GlibString owned_ufrag{ufrag};
    const GlibString owned_pwd{pwd};
    return {.ufrag = ufrag, .pwd = pwd};
  }

  std::vector<IceCandidateInfo> local_candidates() {
    std::vector<IceCandidateInfo> candidates;
    const NiceCandidateList list{nice_agent_get_local_candidates(agent_.get(), stream_, kComponent)};
    for (const GSList* item = list.get(); item != nullptr; item = item->next) {
      auto candidate = from_nice(*static_cast<const NiceCandidate*>(item->data));
      if (candidate) candidates.push_back(announce(std::move(*candidate)));
    }
    return candidates;
  }

  IceCandidateInfo announce(IceCandidateInfo candidate) const {
    const auto address = SocketAddress::parse(candidate.ip, candidate.port);
    const bool replaced = candidate.type == IceCandidateType::host && announced_ && address &&
                          address->is_ipv4() == announced_->is_ipv4();
    if (replaced) candidate.ip = announced_->ip();
    return candidate;
  }

  void note_state(NiceComponentState state) noexcept {
    if (state == NICE_COMPONENT_STATE_CONNECTED || state == NICE_COMPONENT_STATE_READY) {
      change_state(FullIceState::connected);
    } else if (state == NICE_COMPONENT_STATE_FAILED) {
      const bool was_up = state_ == FullIceState::connected || state_ == FullIceState::disconnected;
      change_state(was_up ? FullIceState::disconnected : FullIceState::failed);
    }
  }

  void change_state(FullIceState state) noexcept {
    if (state_ == state) return;
    state_ = state;
    listener_.on_state(state);
  }

  static void handle_gathered(NiceAgent*, guint, gpointer self) {
    auto& impl = *static_cast<Impl*>(self);
    impl.listener_.on_gathered(impl.local_credentials(), impl.local_candidates());
  }
  static void handle_state(NiceAgent*, guint, guint, guint state, gpointer self) {
    static_cast<Impl*>(self)->note_state(static_cast<NiceComponentState>(state));
  }
  static void handle_packet(NiceAgent*, guint, guint, guint size, gchar* data, gpointer self) {
    static_cast<Impl*>(self)->listener_.on_packet({reinterpret_cast<const std::uint8_t*>(data), size});
  }
  static void discard_packet(NiceAgent*, guint, guint, guint, gchar*, gpointer) {}
  static void handle_closed(GObject*, GAsyncResult*, gpointer thread) {
    static_cast<GlibThread*>(thread)->end_closing();
  }

  GlibThread& thread_;
  Listener& listener_;
  NiceAgentPtr agent_;
  guint stream_;
  std::optional<SocketAddress> announced_;
  std::size_t remote_candidates_ = 0;
  FullIceState state_ = FullIceState::connecting;

  friend class FullIceAgent;
};

FullIceAgent::FullIceAgent(GlibThread& thread, const FullIceOptions& options, Listener& listener)
    : impl_{std::make_shared<Impl>(thread, options, listener)} {}

FullIceAgent::~FullIceAgent() {
  // After everything that was posted before, so that no task finds the agent closed.
  impl_->thread_.run([this] { impl_->close(); });
}

void FullIceAgent::gather() {
  impl_->thread_.post([impl = impl_] { impl->gather(); });
}

void FullIceAgent::set_remote(IceCredentials remote, std::vector<IceCandidateInfo> candidates) {
  impl_->thread_.post([impl = impl_, remote = std::move(remote), candidates = std::move(candidates)] {
    impl->set_remote(remote, candidates);
  });
}

void FullIceAgent::add_remote_candidates(std::vector<IceCandidateInfo> candidates) {
  impl_->thread_.post([impl = impl_, candidates = std::move(candidates)] { impl->add_remote_candidates(candidates); });
}

void FullIceAgent::end_of_remote_candidates() {
  impl_->thread_.post([impl = impl_] { impl->end_of_remote_candidates(); });
}

void FullIceAgent::restart() {
  impl_->thread_.post([impl = impl_] { impl->restart(); });
}

bool FullIceAgent::send(Bytes packet) noexcept { return impl_->send(packet); }

}  // namespace sluice
