#pragma once

#include <boost/config.hpp>
#include <boost/version.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/config.h"
#include "sluice/host.h"

/// What a plugin is. The entry file of one reads:
///
///     class Echo final : public sluice::Plugin {
///      public:
///       void start(sluice::Host& host, const sluice::Config& config) override;
///     };
///     SLUICE_PLUGIN(Echo, "echo", "1.0.0", sluice::options<EchoOptions>(), sluice::requires_service<sluice::Rooms>())
namespace sluice {

/// A feature of the gateway. The host creates one object per plugin, calls it on the control thread only, and destroys
/// it before the library is unloaded.
class Plugin {
 public:
  Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  virtual ~Plugin() = default;

  /// Registers what the plugin answers to. Runs once, before the listeners open, after every plugin whose services this
  /// one requires; it may block. What it throws is the plugin's "why not loaded".
  /// `host` lives until the plugin has been destroyed.
  virtual void start(Host& host, const Config& config) = 0;

  /// The configuration was reloaded (SIGHUP) and options marked `reloadable()` changed.
  virtual void reconfigure(const Config& config) { static_cast<void>(config); }

  /// The gateway is about to stop (SIGTERM): take no new work, tell whom it concerns.
  virtual void drain() {}
  /// Whether nothing of value would be lost by stopping now; asked again and again while draining.
  [[nodiscard]] virtual bool drained() const { return true; }

  /// Called before destruction, in the reverse order of the starts, while every other service still stands.
  virtual void stop() {}
};

/// What a plugin says about itself before it is created.
struct Manifest {
  std::string name;                    ///< the key under `plugins:` in the YAML: lower-case letters, digits, `-`
  std::string version;                 ///< semantic version, for people
  std::vector<std::string> provides;   ///< services it offers
  std::vector<std::string> requires_;  ///< services without which it does not start
  std::vector<std::string> uses;       ///< services that it takes if they are there
  ConfigSchema options;                ///< the schema of its YAML section
};

/// Bumped whenever a public header changes in a way that breaks a compiled plugin.
inline constexpr int kSdkAbi = 1;

#define SLUICE_STRINGIFY_(x) #x
#define SLUICE_STRINGIFY(x) SLUICE_STRINGIFY_(x)
/// What must be equal in the gateway and a plugin for their C++ types to fit.
#define SLUICE_ABI_STAMP                                                                                            \
  "sluice-abi 1; " BOOST_COMPILER "; libstdc++ " SLUICE_STRINGIFY(_GLIBCXX_RELEASE) " cxx11-abi " SLUICE_STRINGIFY( \
      _GLIBCXX_USE_CXX11_ABI) "; boost " BOOST_LIB_VERSION

/// What the library exports under the name `sluice_plugin`. `magic` and `abi` are read first; nothing else is touched
/// unless they are equal to the gateway's own.
struct PluginDescriptor {
  char magic[16];
  const char* abi;
  Manifest (*manifest)();
  std::unique_ptr<Plugin> (*create)();
};

inline constexpr char kPluginMagic[16] = "sluice-plugin 1";

/// Parts of a manifest, as SLUICE_PLUGIN takes them.
using ManifestPart = void (*)(Manifest&);

/// The plugin offers `Service` (a contract with kService) to others.
template <class Service>
[[nodiscard]] constexpr ManifestPart provides() {
  return [](Manifest& manifest) { manifest.provides.emplace_back(Service::kService); };
}
/// The plugin does not start without `Service`.
template <class Service>
[[nodiscard]] constexpr ManifestPart requires_service() {
  return [](Manifest& manifest) { manifest.requires_.emplace_back(Service::kService); };
}
/// The plugin takes `Service` where somebody provides it.
template <class Service>
[[nodiscard]] constexpr ManifestPart uses_service() {
  return [](Manifest& manifest) { manifest.uses.emplace_back(Service::kService); };
}
namespace detail {
inline void apply(Manifest& manifest, ManifestPart part) { part(manifest); }
inline void apply(Manifest& manifest, ConfigSchema options) { manifest.options = options; }
}  // namespace detail

template <class... Parts>
[[nodiscard]] Manifest make_manifest(std::string_view name, std::string_view version, Parts... parts) {
  Manifest manifest;
  manifest.name = name;
  manifest.version = version;
  (detail::apply(manifest, parts), ...);
  return manifest;
}

}  // namespace sluice

/// Exports `Type` as the plugin of this library: SLUICE_PLUGIN(Type, "name", "version", parts...).
#define SLUICE_PLUGIN(Type, ...)                                                         \
  extern "C" BOOST_SYMBOL_EXPORT const ::sluice::PluginDescriptor sluice_plugin;         \
  const ::sluice::PluginDescriptor sluice_plugin{                                        \
      {'s', 'l', 'u', 'i', 'c', 'e', '-', 'p', 'l', 'u', 'g', 'i', 'n', ' ', '1', '\0'}, \
      SLUICE_ABI_STAMP,                                                                  \
      [] { return ::sluice::make_manifest(__VA_ARGS__); },                               \
      []() -> std::unique_ptr<::sluice::Plugin> { return std::make_unique<Type>(); }};
