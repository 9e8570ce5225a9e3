#pragma once

#include <memory>
#include <vector>

#include "core/media/engine/engine_context.h"
#include "core/media/engine/router_handle.h"
#include "core/media/ice/full/full_ice_agent.h"
#include "core/media/ice/full/glib_thread.h"
#include "sluice/media.h"

namespace sluice {

/// One transport of full ICE: carries what its agent hears on the GLib thread to the transport's worker, and to the
/// control thread what it has gathered.
///
/// Owners: the transport's handle and the worker's path. Datagrams cross a thread each way and are copied; the default,
/// ICE-lite, does neither.
class FullIceConnection final : public FullIceAgent::Listener, public std::enable_shared_from_this<FullIceConnection> {
 public:
  using Ready = Function<void(std::unique_ptr<Transport>)>;

  /// Begins to gather; `ready` gets the transport on the control thread, unless the router is gone by then. Throws
  /// Error {unsupported} where the options cannot be used.
  static void open(const std::shared_ptr<RouterState>& router, GlibThread& thread, const FullIceOptions& options,
                   Ready ready);

  FullIceConnection(const std::shared_ptr<RouterState>& router, Ready ready);

  /// Throws Error{invalid_payload} unless the client's ICE parameters are there and sound.
  void connect(const ConnectOptions& options);
  bool send(Bytes packet) noexcept { return agent_->send(packet); }

 private:
  void on_gathered(const IceCredentials& local, const std::vector<IceCandidateInfo>& candidates) noexcept override;
  void on_packet(Bytes packet) noexcept override;
  void on_state(FullIceState state) noexcept override;
  void finish(const IceCredentials& local, const std::vector<IceCandidateInfo>& candidates);

  std::shared_ptr<EngineContext> context_;
  std::weak_ptr<RouterState> router_;
  TransportKey key_;
  WorkerIndex worker_;
  Ready ready_;
  std::unique_ptr<FullIceAgent> agent_;
};

}  // namespace sluice
