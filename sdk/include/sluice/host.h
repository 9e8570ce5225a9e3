#pragma once

#include <string>
#include <string_view>

namespace sluice {

class Background;
class Bus;
class Events;
class Http;
class Jobs;
class Log;
class Media;
class Metrics;
class Services;
class Store;
class Timers;
class Tokens;

/// What the gateway offers to one plugin. Everything that is registered through it (handlers, routes, timers, services)
/// belongs to this plugin: its time is measured, its exceptions are caught, and it is removed when the plugin stops.
///
/// @note Control thread only, but for Log and the changing of Metrics.
class Host {
 public:
  virtual ~Host() = default;

  /// Client events: what clients ask, and what they are told.
  virtual Events& events() = 0;
  /// Typed events between plugins.
  virtual Bus& bus() = 0;
  /// What plugins offer each other.
  virtual Services& services() = 0;
  /// Routes on the public listener.
  virtual Http& http() = 0;
  /// Routes on the admin listener, below `/admin/v1`.
  virtual Http& admin() = 0;
  /// Routers, transports, producers, consumers.
  virtual Media& media() = 0;
  /// The plugin's tables.
  virtual Store& store() = 0;
  virtual Metrics& metrics() = 0;
  virtual Log& log() = 0;
  virtual Timers& timers() = 0;
  /// Threads for what blocks.
  virtual Background& background() = 0;
  /// Processes for what takes long, or may crash.
  virtual Jobs& jobs() = 0;
  /// Tokens that the gateway signs itself.
  virtual Tokens& tokens() = 0;

  /// The name under which the plugin stands in the YAML.
  [[nodiscard]] virtual std::string_view plugin_name() const noexcept = 0;

  /// An unguessable name of letters and digits with at least `bits` bits of entropy, for ids and tokens.
  [[nodiscard]] virtual std::string random_token(int bits = 128) = 0;
};

}  // namespace sluice
