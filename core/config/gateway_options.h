#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/config/auth_options.h"
#include "core/config/http_options.h"
#include "core/config/media_options.h"
#include "core/config/profile_options.h"
#include "sluice/config.h"

/// Everything that the gateway itself reads from its configuration. `sluice --print-defaults` shows it in words.
namespace sluice::config {

struct ProcessOptions {
  std::string name = "sluice";
  std::chrono::milliseconds drain_timeout_ms{30'000};
  std::chrono::milliseconds callback_warn_ms{50};
  std::uint16_t background_threads = 2;

  static Schema<ProcessOptions> schema();
};

enum class LogLevel : std::uint8_t { trace, debug, info, warning, error, off };
BOOST_DESCRIBE_ENUM(LogLevel, trace, debug, info, warning, error, off)

enum class LogFormat : std::uint8_t { text, json };
BOOST_DESCRIBE_ENUM(LogFormat, text, json)

struct LogOptions {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
  std::string file;  ///< empty: standard error
  std::uint32_t rotate_bytes = 64 << 20;
  std::uint32_t rotated_files = 5;
  std::map<std::string, LogLevel> levels;

  static Schema<LogOptions> schema();
};

struct SignallingOptions {
  std::vector<std::string> namespaces{"/", "/meeting"};
  std::chrono::milliseconds ping_interval_ms{25'000};  ///< Engine.IO's default
  std::chrono::milliseconds ping_timeout_ms{20'000};
  std::string default_profile;  ///< empty: canonical names
  std::map<std::string, ProfileOptions> profiles;

  static Schema<SignallingOptions> schema();
};

enum class StoreKind : std::uint8_t { sqlite };
BOOST_DESCRIBE_ENUM(StoreKind, sqlite)

struct StoreOptions {
  StoreKind kind = StoreKind::sqlite;
  std::string path = "sluice.db";
  std::string backup_dir;  ///< empty: no backups
  std::uint32_t backups_kept = 7;

  static Schema<StoreOptions> schema();
};

/// What the gateway reads of a plugin's section; the rest are the plugin's own options, which
/// `ConfigDocument::plugin_options` checks once the plugin is loaded.
struct PluginEntry {
  bool optional = false;
  std::string file;  ///< empty: found by its name in the plugin folders

  static Schema<PluginEntry> schema();
};

struct GatewayOptions {
  ProcessOptions gateway;
  LogOptions log;
  HttpOptions http;
  AuthOptions auth;
  LimitsOptions limits;
  MediaOptions media;
  SignallingOptions signalling;
  StoreOptions store;
  std::vector<std::string> plugin_dirs;
  std::map<std::string, PluginEntry> plugins;

  static Schema<GatewayOptions> schema();
};

}  // namespace sluice::config
