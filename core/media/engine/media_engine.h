#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/control/control_loop.h"
#include "core/media/dtls/dtls_context.h"
#include "core/media/engine/media_inspector.h"
#include "core/media/engine/offered_ice_server.h"
#include "core/media/ice/full/full_ice_agent.h"
#include "core/media/worker/worker_core.h"
#include "core/metrics/core_metrics.h"
#include "sluice/log.h"
#include "sluice/media.h"

namespace sluice {

struct MediaEngineOptions {
  unsigned workers = 1;
  /// Worker n listens on base_port + n of every address; base_port 0 takes any free ports.
  std::uint16_t base_port = 40'000;
  std::vector<std::string> listen_addresses{"0.0.0.0"};
  /// ICE over TCP on the same port numbers. Not with full ICE, which does not use these ports.
  bool tcp = true;
  /// Told to clients instead of the listening addresses: a one-to-one NAT.
  std::vector<std::string> announced_addresses;
  WorkerCore::Config core;
  Duration keyframe_min_interval = std::chrono::milliseconds{500};
  std::vector<RtpCodecCapability> codecs;     ///< as configured; completed by the engine
  std::vector<OfferedIceServer> ice_servers;  ///< for the clients' own gathering
  /// Set: every transport gathers and checks by itself (full ICE) instead of waiting on the workers' ports.
  std::optional<FullIceOptions> full_ice;
};

/// The media core as the control thread sees it: the workers, and the handles that plugins hold.
/// @note Control thread only.
class MediaEngine final : public Media {
 public:
  /// Opens the media ports: throws MediaPortError; std::runtime_error for addresses and codecs that cannot be used.
  MediaEngine(MediaEngineOptions options, const DtlsContext& dtls, ControlLoop& loop, const Clock& clock,
              FillRandom random, Log& log, CoreMetrics& metrics);
  /// Stops. Handles that are left do nothing any more.
  ~MediaEngine() override;
  MediaEngine(const MediaEngine&) = delete;
  MediaEngine& operator=(const MediaEngine&) = delete;

  void start();
  /// Joins the workers' threads and ends the ICE agents: nothing more reaches the control loop from them.
  void stop();

  [[nodiscard]] std::unique_ptr<Router> create_router() override;
  [[nodiscard]] std::vector<IceServer> ice_servers(std::string_view user_id) const override;

  /// Ports that the workers listen on, in their order.
  [[nodiscard]] std::vector<std::uint16_t> ports() const;
  [[nodiscard]] std::size_t worker_count() const noexcept override;
  [[nodiscard]] std::vector<WorkerStats> workers() const override;
  /// Of all plugins, for the admin API.
  [[nodiscard]] MediaInspector& inspector() noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice
