#include "core/admin/overview_routes.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "core/admin/admin_operations.h"
#include "sluice/json_schema.h"

namespace sluice {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// The answer, as docs/admin-api.md shows it.
struct Process {
  unsigned cpu_cores = 0;
  double cpu_seconds = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t open_files = 0;
  std::uint64_t max_open_files = 0;
  std::uint64_t threads = 0;
};
BOOST_DESCRIBE_STRUCT(Process, (), (cpu_cores, cpu_seconds, memory_bytes, open_files, max_open_files, threads))

struct PluginCounts {
  std::size_t running = 0;
  std::size_t not_loaded = 0;  ///< configured, and not running, for whatever reason
};
BOOST_DESCRIBE_STRUCT(PluginCounts, (), (running, not_loaded))

struct Bitrate {
  std::int64_t receiving_bps = 0;
  std::int64_t sending_bps = 0;
};
BOOST_DESCRIBE_STRUCT(Bitrate, (), (receiving_bps, sending_bps))

struct Overview {
  std::int64_t time = 0;  ///< milliseconds since the epoch
  std::int64_t uptime_ms = 0;
  std::string version;
  std::string name;
  bool ready = false;
  std::vector<std::string> reasons;
  Process process;
  std::size_t clients = 0;
  std::vector<WorkerStats> workers;
  PluginCounts plugins;
  Bitrate bitrate;
};
BOOST_DESCRIBE_STRUCT(Overview, (),
                      (time, uptime_ms, version, name, ready, reasons, process, clients, workers, plugins, bitrate))

Process process_of(const ProcessUsage& usage, unsigned cores) {
  return {.cpu_cores = cores,
          .cpu_seconds = usage.cpu_seconds,
          .memory_bytes = usage.resident_bytes,
          .open_files = usage.open_files,
          .max_open_files = usage.max_open_files,
          .threads = usage.threads};
}

PluginCounts count(const std::vector<PluginStatus>& plugins) {
  const auto running =
      static_cast<std::size_t>(std::ranges::count(plugins, PluginState::running, &PluginStatus::state));
  return {.running = running, .not_loaded = plugins.size() - running};
}

}  // namespace

OverviewRoutes::OverviewRoutes(AdminSite& site, Parts parts)
    : clock_{site.clock()}, parts_{std::move(parts)}, started_{clock_.now()} {
  site.add("GET", "/overview", admin::operation("The gateway at one look", schema_of<Overview>()),
           [this](const HttpRequest&, HttpReply reply) { reply.json(overview()); });
}

json::object OverviewRoutes::overview() const {
  Overview out;
  out.time = duration_cast<milliseconds>(clock_.wall_time().time_since_epoch()).count();
  out.uptime_ms = duration_cast<milliseconds>(clock_.now() - started_).count();
  out.version = parts_.version;
  out.name = parts_.name;
  out.reasons = parts_.not_ready_for();
  out.ready = out.reasons.empty();
  out.process = process_of(parts_.process(), parts_.cores);
  out.clients = parts_.clients();
  out.workers = parts_.workers();
  out.plugins = count(parts_.plugins());
  for (const WorkerStats& worker : out.workers) {
    out.bitrate.receiving_bps += worker.receiving_bps;
    out.bitrate.sending_bps += worker.sending_bps;
  }
  return to_json(out).as_object();
}

}  // namespace sluice
