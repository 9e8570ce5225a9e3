#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/media/engine/pending_answers.h"
#include "core/media/engine/router_handle.h"
#include "core/media/engine/stream_names.h"
#include "core/media/ortc/negotiation.h"
#include "sluice/media.h"

namespace sluice {

class FullIceConnection;

/// A plugin's hold on a transport.
class TransportHandle final : public Transport {
 public:
  /// A browser's camera, screen and microphones are three or four; the demultiplexer holds all encodings of these.
  static constexpr std::size_t kMaxProducers = 64;
  static constexpr std::size_t kMaxConsumers = 1024;
  /// States that are remembered, the latest.
  static constexpr std::size_t kMaxHistory = 16;

  struct Spec {
    TransportKey key;
    WorkerPlace place;
    IceParameters ice_parameters;
    std::vector<IceCandidate> ice_candidates;
    /// Null with ICE-lite. Owners: this handle and the worker's path.
    std::shared_ptr<FullIceConnection> full_ice;
  };

  struct StateChange {
    TransportState state;
    std::string reason;
    WallTime at;
  };
  /// What the client has told by connect(), as far as it is of interest later.
  struct Peer {
    DtlsRole role;                      ///< ours towards it
    std::string fingerprint_algorithm;  ///< by which its certificate is held against what it said; empty: by none
  };

  /// The worker has been told to open the transport already.
  TransportHandle(std::shared_ptr<RouterState> router, Spec spec);
  ~TransportHandle() override;

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const IceParameters& ice_parameters() const noexcept override { return spec_.ice_parameters; }
  [[nodiscard]] const std::vector<IceCandidate>& ice_candidates() const noexcept override {
    return spec_.ice_candidates;
  }
  [[nodiscard]] const DtlsParameters& dtls_parameters() const noexcept override;
  [[nodiscard]] TransportState state() const noexcept override { return state_; }
  void connect(const ConnectOptions& options) override;
  const IceParameters& restart_ice() override;
  void add_ice_candidate(const IceCandidate& candidate) override;
  [[nodiscard]] std::unique_ptr<Producer> produce(const ProduceOptions& options) override;
  [[nodiscard]] std::unique_ptr<Consumer> consume(const ConsumeOptions& options) override;
  void on_state(Function<void(TransportState, std::string_view)> callback) override;
  void stats(Function<void(TransportStats)> callback) override;

  /// The worker tells a new state.
  void state_changed(TransportState state, const std::string& reason);
  /// Ends it from here: as if the client had closed it, the plugin is told later.
  void end(std::string_view reason);
  void forget(ProducerHandle& producer) noexcept;
  void forget(ConsumerHandle& consumer) noexcept;

  [[nodiscard]] TransportKey key() const noexcept { return spec_.key; }
  [[nodiscard]] const RouterState& router() const noexcept { return *router_; }
  [[nodiscard]] const Birth& birth() const noexcept { return birth_; }
  [[nodiscard]] const std::vector<StateChange>& history() const noexcept { return history_; }
  [[nodiscard]] const std::optional<Peer>& peer() const noexcept { return peer_; }
  [[nodiscard]] bool is_full_ice() const noexcept { return spec_.full_ice != nullptr; }
  [[nodiscard]] WorkerIndex worker() const noexcept { return spec_.place.worker(); }
  [[nodiscard]] const std::vector<ProducerHandle*>& producers() const noexcept { return producers_; }
  [[nodiscard]] const std::vector<ConsumerHandle*>& consumers() const noexcept { return consumers_; }

 private:
  void demand_open() const;
  void end_media();
  [[nodiscard]] std::string next_mid();
  [[nodiscard]] ortc::NegotiatedConsumer negotiate(const ConsumeOptions& options, const ProducerHandle* producer);

  std::shared_ptr<RouterState> router_;
  Spec spec_;
  std::string id_;
  Birth birth_;
  TransportState state_ = TransportState::created;
  std::vector<StateChange> history_;
  std::optional<Peer> peer_;  // since connect()
  StreamNames names_;
  std::uint32_t next_mid_ = 0;
  std::vector<ProducerHandle*> producers_;
  std::vector<ConsumerHandle*> consumers_;
  Function<void(TransportState, std::string_view)> on_state_;
  PendingAnswers<TransportStats> stats_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // weakly held by what comes back later
};

}  // namespace sluice
