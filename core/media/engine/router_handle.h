#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/media/engine/engine_context.h"
#include "core/media/engine/pending_answers.h"
#include "core/media/engine/router_speakers.h"
#include "sluice/media.h"

namespace sluice {

class ConsumerHandle;
class TransportHandle;

/// What the handles of one router know of each other. Owners: the router and its handles; control thread only.
struct RouterState {
  std::shared_ptr<EngineContext> context;
  std::string id;
  std::map<std::string, ProducerHandle*, std::less<>> producers;
  std::vector<TransportHandle*> transports;
  /// Who waits for a transport of full ICE; nobody any more once the router is gone.
  std::map<TransportKey, Function<void(std::unique_ptr<Transport>)>> gathering;
  std::shared_ptr<RouterSpeakers> speakers;  // never null
  std::string plugin;                        // that made it; empty: the gateway itself
};

class RouterHandle final : public Router {
 public:
  using GatherFull = Function<void(std::shared_ptr<RouterState>, Function<void(std::unique_ptr<Transport>)>)>;

  /// @param gather  Makes transports of full ICE; empty: the workers' lite ones.
  RouterHandle(const std::shared_ptr<EngineContext>& context, std::shared_ptr<GatherFull> gather);
  ~RouterHandle() override;

  [[nodiscard]] const std::string& id() const noexcept override { return state_->id; }
  [[nodiscard]] const RtpCapabilities& rtp_capabilities() const noexcept override;
  [[nodiscard]] bool can_consume(const std::string& producer_id, const RtpCapabilities& capabilities) const override;
  void create_transport(Function<void(std::unique_ptr<Transport>)> ready) override;
  [[nodiscard]] std::unique_ptr<SdpSession> create_sdp_session(Transport& transport) override;
  [[nodiscard]] std::unique_ptr<Tap> tap(const TapOptions& options) override;
  void stats(RouterStatsWanted wanted, Function<void(RouterStats)> callback) override;
  void on_dominant_speaker(Function<void(const SpeakerLevel&)> callback) override;
  void on_audio_levels(Duration interval, Function<void(const std::vector<SpeakerLevel>&)> callback) override;
  void on_loudest(std::size_t count, Function<void(const std::string&, bool)> callback) override;

 private:
  std::shared_ptr<RouterState> state_;
  PendingAnswers<RouterStats> stats_;
  std::shared_ptr<GatherFull> gather_;  // shared with the engine, which makes it
};

}  // namespace sluice
