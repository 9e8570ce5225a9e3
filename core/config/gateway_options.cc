#include "core/config/gateway_options.h"

#include <algorithm>

namespace sluice::config {
namespace {

/// A plugin's name is a key, a file name and a metrics label; a profile's stands in a URL.
bool is_short_name(std::string_view name) {
  constexpr std::size_t kMaxName = 64;
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= kMaxName && std::ranges::all_of(name, allowed);
}

// The gateway keeps tables of its own in the store, admin_tokens and others; a plugin's tables begin with its name.
bool is_gateways_own(std::string_view name) { return name == "admin" || name.starts_with("admin-"); }

auto plugin_names() {
  return check("names of lower-case letters, digits and '-'",
               [](const std::map<std::string, PluginEntry>& plugins) -> std::optional<std::string> {
                 for (const auto& [name, entry] : plugins) {
                   if (!is_short_name(name)) return "must hold names of lower-case letters, digits and '-'";
                   if (is_gateways_own(name)) return "must not hold '" + name + "': 'admin' is the gateway's own name";
                 }
                 return std::nullopt;
               });
}

auto namespace_names() {
  return check("each starts with '/'", [](const std::vector<std::string>& names) -> std::optional<std::string> {
    for (const auto& name : names) {
      if (!name.starts_with('/')) return "must hold names that start with '/'";
    }
    return std::nullopt;
  });
}

auto profile_names() {
  return check("names of lower-case letters, digits and '-'",
               [](const std::map<std::string, ProfileOptions>& profiles) -> std::optional<std::string> {
                 for (const auto& [name, profile] : profiles) {
                   if (!is_short_name(name)) return "must hold names of lower-case letters, digits and '-'";
                 }
                 return std::nullopt;
               });
}

std::optional<std::string> default_profile_is_there(const SignallingOptions& options) {
  if (options.default_profile.empty() || options.profiles.contains(options.default_profile)) return std::nullopt;
  return "must be empty or the name of a profile";
}

}  // namespace

Schema<ProcessOptions> ProcessOptions::schema() {
  using Options = ProcessOptions;
  return Schema<Options>{"The process."}
      .option("name", &Options::name, "Name of this gateway in logs and metrics.", not_empty(), max_bytes(64))
      .option("drain_timeout_ms", &Options::drain_timeout_ms,
              "After SIGTERM, how long running rooms may still take, in milliseconds.", range(0, 86'400'000))
      .reloadable()
      .option("callback_warn_ms", &Options::callback_warn_ms,
              "A plugin whose callback takes longer than this many milliseconds is named in the log; 0 is never.",
              range(0, 60'000))
      .reloadable()
      .option("background_threads", &Options::background_threads, "Threads for work that blocks: files, database.",
              range(1, 64));
}

Schema<LogOptions> LogOptions::schema() {
  return Schema<LogOptions>{"The log."}
      .option("level", &LogOptions::level, "Least level that is written.")
      .reloadable()
      .option("format", &LogOptions::format, "text: lines for people. json: one object a line, for machines.")
      .option("file", &LogOptions::file, "File to append to; empty is standard error.")
      .option("rotate_bytes", &LogOptions::rotate_bytes,
              "Size at which the file is renamed and a new one begun; 0: never, for who rotates by other means.",
              range(0, 2'000'000'000))
      .option("rotated_files", &LogOptions::rotated_files,
              "How many old files are kept, as FILE.1 (the latest), FILE.2, ...", range(0, 1'000))
      .option("levels", &LogOptions::levels, "Levels of single components: {media: debug, plugin.videoroom: debug}.",
              max_items(256))
      .reloadable();
}

Schema<SignallingOptions> SignallingOptions::schema() {
  using Options = SignallingOptions;
  return Schema<Options>{"Clients and their events."}
      .option("namespaces", &Options::namespaces, "Socket.IO namespaces that clients may connect to.", not_empty(),
              max_items(64), namespace_names())
      .option("ping_interval_ms", &Options::ping_interval_ms, "How often a client is pinged, in milliseconds.",
              range(1'000, 300'000))
      .option("ping_timeout_ms", &Options::ping_timeout_ms,
              "How long a client may take to answer a ping, in milliseconds.", range(1'000, 300'000))
      .option("default_profile", &Options::default_profile,
              "Profile of clients that choose none; empty: the canonical names of events.")
      .option("profiles", &Options::profiles,
              "Older names of events and fields, for clients that know no others: include aliases/kcs.yaml.",
              max_items(16), profile_names())
      .check("default_profile", default_profile_is_there);
}

Schema<StoreOptions> StoreOptions::schema() {
  return Schema<StoreOptions>{"What plugins keep."}
      .option("kind", &StoreOptions::kind, "sqlite: one file, nothing to install.")
      .option("path", &StoreOptions::path, "File of the database; made when a plugin first keeps something.",
              not_empty())
      .option("backup_dir", &StoreOptions::backup_dir,
              "Folder for the copies that POST /admin/v1/store/backup makes; empty: none can be made.")
      .option("backups_kept", &StoreOptions::backups_kept, "So many of the newest copies are kept.", range(1, 1'000));
}

Schema<PluginEntry> PluginEntry::schema() {
  return Schema<PluginEntry>{"A plugin and its own options."}
      .option("optional", &PluginEntry::optional, "Whether the gateway goes on where this plugin cannot be loaded.")
      .option("file", &PluginEntry::file, "Its library; empty looks for its name in the plugin folders.")
      .open();
}

Schema<GatewayOptions> GatewayOptions::schema() {
  using Options = GatewayOptions;
  return Schema<Options>{"Sluice, a media gateway."}
      .option("gateway", &Options::gateway, "The process.")
      .option("log", &Options::log, "The log.")
      .option("http", &Options::http, "Listeners.")
      .option("auth", &Options::auth, "Who a client is.")
      .option("limits", &Options::limits, "What one client or address may ask for.")
      .option("media", &Options::media, "ICE, DTLS, codecs and limits.")
      .option("signalling", &Options::signalling, "Clients and their events.")
      .option("store", &Options::store, "What plugins keep.")
      .option("plugin_dirs", &Options::plugin_dirs,
              "Folders to look for plugins in, before the one that belongs to the gateway.", max_items(16))
      .option(
          "plugins", &Options::plugins,
          "Plugins to load: a plugin is present because its name stands here. Its own options stand below its name.",
          max_items(256), plugin_names());
}

}  // namespace sluice::config
