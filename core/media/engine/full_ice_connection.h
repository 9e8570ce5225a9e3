#pragma once

#include <atomic>
#include <memory>
#include <optional>
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

  /// Datagrams on their way from the agent to the worker; more are dropped, as a full socket would.
  static constexpr unsigned kMaxBacklog = 1024;

  /// Begins to gather; `ready` gets the transport on the control thread, unless the router is gone by then. Throws
  /// Error: `unsupported` where the options cannot be used, `limit_exceeded`.
  static void open(const std::shared_ptr<RouterState>& router, GlibThread& thread, const FullIceOptions& options,
                   Ready ready);

  explicit FullIceConnection(const std::shared_ptr<RouterState>& router);
  ~FullIceConnection() override;

  /// Throws Error{invalid_payload} unless the client's ICE parameters are there and sound.
  void connect(const ConnectOptions& options);
  /// One more candidate of the client. Throws Error: `conflict` before connect(), `limit_exceeded` after
  /// kMaxRemoteCandidates in all.
  void add_candidate(const IceCandidate& candidate);
  /// On the worker's thread.
  bool send(Bytes packet) noexcept { return agent_->send(packet); }
  /// Ends the agent, after which nothing is heard of it any more. The workers must have stopped. Waits for the GLib
  /// thread.
  void shut() noexcept { agent_.reset(); }

 private:
  void on_gathered(const IceCredentials& local, const std::vector<IceCandidateInfo>& candidates) noexcept override;
  void on_packet(Bytes packet) noexcept override;
  void on_state(FullIceState state) noexcept override;
  void finish(const IceCredentials& local, const std::vector<IceCandidateInfo>& candidates);

  std::shared_ptr<EngineContext> context_;
  std::weak_ptr<RouterState> router_;
  TransportKey key_;
  std::optional<WorkerPlace> place_;  // until the transport's handle takes it over
  WorkerIndex worker_;
  bool gathered_ = false;
  std::optional<std::size_t> remote_candidates_;  // since connect()
  // Owners: this, and the datagrams on their way.
  std::shared_ptr<std::atomic<unsigned>> backlog_ = std::make_shared<std::atomic<unsigned>>(0);
  std::unique_ptr<FullIceAgent> agent_;
};

}  // namespace sluice
