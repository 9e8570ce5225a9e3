#pragma once

#include <memory>
#include <span>
#include <string>

#include "sluice/jobs.h"
#include "sluice/plugin.h"
#include "sluice/result.h"

namespace sluice {

/// Why a library is no plugin of this gateway.
struct LibraryProblem {
  enum class Kind : std::uint8_t { unreadable, not_a_plugin, abi_mismatch, bad_manifest };
  Kind kind;
  std::string text;  ///< what is wrong and what to do, one line
};

/// A plugin's shared library, loaded by Boost.DLL. Unloaded with the object: everything that came out of it (the
/// Plugin, its callbacks, its schema's checks) must be gone by then.
class PluginLibrary {
 public:
  /// Opens the file and checks magic, ABI stamp and manifest, in this order, before any C++ type of it is touched.
  [[nodiscard]] static Result<PluginLibrary, LibraryProblem> open(const std::string& file);

  PluginLibrary(PluginLibrary&&) noexcept;
  PluginLibrary& operator=(PluginLibrary&&) noexcept;
  ~PluginLibrary();

  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] const Manifest& manifest() const noexcept { return manifest_; }
  /// May throw what the plugin's constructor throws.
  [[nodiscard]] std::unique_ptr<Plugin> create() const;
  /// Its SLUICE_JOBS; empty where it has none.
  [[nodiscard]] std::span<const JobEntry> jobs() const;

 private:
  struct Handle;
  PluginLibrary(std::string file, std::unique_ptr<Handle> handle, Manifest manifest);

  std::string file_;
  std::unique_ptr<Handle> handle_;  // before the manifest, which is destroyed first
  Manifest manifest_;
};

}  // namespace sluice
