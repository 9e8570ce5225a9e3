#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/api/control_routes.h"
#include "core/plugins/plugin_status.h"
#include "sluice/plugin.h"

/// What the admin API answers, in its JSON's shape. docs/admin-api.md shows each one.
namespace sluice::admin {

/// Revisions of what clients and plugins speak.
struct ProtocolVersions {
  int engine_io = 4;
  int socket_io = 5;  ///< the protocol's revision, which Socket.IO's releases 3 and 4 speak
  int sdk_abi = kSdkAbi;
};
BOOST_DESCRIBE_STRUCT(ProtocolVersions, (), (engine_io, socket_io, sdk_abi))

struct Info {
  std::string name;     ///< of this gateway: `gateway.name`
  std::string version;  ///< of the software
  std::string abi;      ///< what plugins must be built for
  std::int64_t uptime_ms = 0;
  unsigned workers = 0;
  ProtocolVersions protocols;
};
BOOST_DESCRIBE_STRUCT(Info, (), (name, version, abi, uptime_ms, workers, protocols))

struct Readiness {
  bool ready = false;
  std::vector<std::string> reasons;  ///< why not, in words
};
BOOST_DESCRIBE_STRUCT(Readiness, (), (ready, reasons))

struct Route {
  std::string listener;  ///< `public` or `admin`
  std::string method;
  std::string pattern;
};
BOOST_DESCRIBE_STRUCT(Route, (), (listener, method, pattern))

/// What the plugin's callbacks did to the control thread since it was started.
struct Callbacks {
  std::uint64_t calls = 0;
  std::uint64_t slow = 0;
  std::uint64_t exceptions = 0;
  double mean_ms = 0;
  double p50_ms = 0;  ///< half of the calls took no longer; never too low, too high by an eighth at most
  double p99_ms = 0;
  double worst_ms = 0;
};
BOOST_DESCRIBE_STRUCT(Callbacks, (), (calls, slow, exceptions, mean_ms, p50_ms, p99_ms, worst_ms))

/// The plugin's taps that are open now, and what waits in their queues.
struct Taps {
  std::size_t count = 0;
  std::size_t queued_bytes = 0;
  std::size_t queue_bytes = 0;
  std::uint64_t dropped = 0;  ///< packets
};
BOOST_DESCRIBE_STRUCT(Taps, (), (count, queued_bytes, queue_bytes, dropped))

struct Plugin {
  std::string name;
  PluginState state = PluginState::not_loaded;
  std::string version;
  std::string file;
  bool optional = false;
  std::optional<std::string> why_not_loaded;
  std::vector<std::string> provides;
  std::vector<std::string> requires_;
  std::vector<std::string> uses;
  std::vector<std::string> events;
  std::vector<Route> routes;
  Callbacks callbacks;
  Taps taps;
  std::size_t jobs = 0;
  std::optional<json::value> options;  ///< in force, masked
  bool options_changed = false;        ///< at run time
};
BOOST_DESCRIBE_STRUCT(Plugin, (),
                      (name, state, version, file, optional, why_not_loaded, provides, requires_, uses, events, routes,
                       callbacks, taps, jobs, options, options_changed))

/// What became of one plugin in a reload, start or stop.
struct ChangedPlugin {
  std::string name;
  PluginState state = PluginState::not_loaded;
  std::optional<std::string> why_not_loaded;
};
BOOST_DESCRIBE_STRUCT(ChangedPlugin, (), (name, state, why_not_loaded))

struct Change {
  std::vector<ChangedPlugin> plugins;  ///< in the order of their starts
  double held_ms = 0;                  ///< how long the control thread did nothing else
  bool new_code = false;               ///< the file had been replaced
};
BOOST_DESCRIBE_STRUCT(Change, (), (plugins, held_ms, new_code))

[[nodiscard]] Change describe(const PluginChange& change);

[[nodiscard]] Callbacks describe(const CallbackScope::Usage& usage);
[[nodiscard]] Plugin describe(const PluginStatus& status, const std::vector<ControlRoutes::Description>& public_routes,
                              const std::vector<ControlRoutes::Description>& admin_routes);

}  // namespace sluice::admin
