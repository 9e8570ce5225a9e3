#include "core/app/gateway_metrics.h"

#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/base/available_cores.h"

namespace sluice {

namespace {

namespace fs = std::filesystem;

std::uint64_t size_of(const fs::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  return failed ? 0 : size;
}

}  // namespace

ControlLoop::Watch GatewayMetrics::watch_control(MetricRegistry& registry) {
  CoreMetrics& metrics = registry.component("control");
  return {.wait_seconds = &metrics.histogram("task_wait_seconds", "Time that work waited for the control thread.",
                                             {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5}),
          .waiting = &metrics.gauge("tasks_waiting", "Work that waits for the control thread.")};
}

StoreEngine::Watch GatewayMetrics::watch_store(MetricRegistry& registry, const Clock& clock) {
  CoreMetrics& metrics = registry.component("store");
  return {.clock = &clock,
          .commit_seconds = &metrics.histogram("commit_seconds", "Time that the units of one commit took.",
                                               {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5}),
          .failures = &metrics.counter("failures_total", "Units of work that failed, refusals of plugins included.")};
}

GatewayMetrics::GatewayMetrics(MetricRegistry& registry, Sources sources)
    : sources_{std::move(sources)},
      process_{registry.process()},
      public_{registry.component("http"), "public", sources_.public_listener},
      admin_{registry.component("http"), "admin", sources_.admin_listener},
      background_{registry.component("background")},
      store_{registry.component("store")},
      signalling_{registry.component("signalling")} {
  registry.component("build").gauge("info", "1, with what runs in its labels.", {{"version", sources_.version}}).set(1);
  registry.component("machine")
      .gauge("cores", "Cores that the gateway may use.")
      .set(static_cast<double>(available_cores()));
  registry.component("machine")
      .gauge("memory_bytes", "Memory that the gateway may use, in bytes.")
      .set(static_cast<double>(read_memory_limit()));
  registry.before_expose([this] { update(); });
}

void GatewayMetrics::update() {
  process_.update(read_process_usage());
  public_.update();
  admin_.update();
  const BackgroundPool::Load load = sources_.pool.load();
  background_.set("jobs_waiting", "Jobs that wait for a background thread.", {}, static_cast<double>(load.waiting));
  background_.set("jobs_running", "Jobs that run on background threads.", {}, static_cast<double>(load.running));
  tell_store();
  tell_signalling();
}

void GatewayMetrics::tell_store() {
  store_.set("units_waiting", "Units of work that wait for the store.", {},
             static_cast<double>(sources_.store.waiting()));
  const fs::path file{sources_.store_path};
  store_.set("database_bytes", "Size of the database with its write-ahead log.", {},
             static_cast<double>(size_of(file) + size_of(file.string() + "-wal")));
  std::error_code failed;
  const fs::space_info space = fs::space(file.has_parent_path() ? file.parent_path() : fs::path{"."}, failed);
  if (failed) return;  // the folder comes with the first unit
  store_.set("free_bytes", "Free on the disk that the database is on, in bytes.", {},
             static_cast<double>(space.available));
}

void GatewayMetrics::tell_signalling() {
  const auto sessions = [this](std::string_view transport, Carrier carrier) {
    signalling_.set("socket_io_sessions", "Socket.IO sessions by what carries them.",
                    {{"transport", std::string{transport}}},
                    static_cast<double>(sources_.socket_io.carriers().of(carrier)));
  };
  sessions("polling", Carrier::polling);
  sessions("websocket", Carrier::web_socket);
  signalling_.raise("events_refused_total", "Events of clients that had too many on their way already.", {},
                    sources_.bridge.refused_events());
}

}  // namespace sluice
