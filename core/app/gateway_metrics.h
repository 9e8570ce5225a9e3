#pragma once

#include <string>

#include "core/api/listener_metrics.h"
#include "core/control/background_pool.h"
#include "core/control/control_loop.h"
#include "core/metrics/metric_registry.h"
#include "core/metrics/process_metrics.h"
#include "core/signalling/control_bridge.h"
#include "core/signalling/socket_io_door.h"
#include "core/store/store_engine.h"

namespace sluice {

/// What is not counted but looked up when somebody asks for metrics: the process, the listeners, queues, disks.
/// @note Asked on net threads, one at a time.
class GatewayMetrics {
 public:
  /// What is asked; all of it outlives the net threads.
  struct Sources {
    std::string version;
    std::string store_path;
    const net::HttpListener& public_listener;
    const net::HttpListener& admin_listener;
    const BackgroundPool& pool;
    const StoreEngine& store;
    const SocketIoDoor& socket_io;
    const ControlBridge& bridge;
  };

  GatewayMetrics(MetricRegistry& registry, Sources sources);
  GatewayMetrics(const GatewayMetrics&) = delete;
  GatewayMetrics& operator=(const GatewayMetrics&) = delete;

  /// How long posted work waits for the control thread.
  [[nodiscard]] static ControlLoop::Watch watch_control(MetricRegistry& registry);
  [[nodiscard]] static StoreEngine::Watch watch_store(MetricRegistry& registry, const Clock& clock);

 private:
  void update();
  void tell_store();
  void tell_signalling();

  Sources sources_;
  ProcessMetrics process_;
  ListenerMetrics public_;
  ListenerMetrics admin_;
  GrownMetrics background_;
  GrownMetrics store_;
  GrownMetrics signalling_;
};

}  // namespace sluice
