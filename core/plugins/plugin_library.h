#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/plugins/file_stamp.h"
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
  /// The same while `loaded` is open. The loader knows files by the names they were opened under: one that has been
  /// replaced is opened under another spelling of its name, which `generation` makes, a number for each call. A file
  /// that was written over instead of replaced is refused, as the code that runs is in it.
  [[nodiscard]] static Result<PluginLibrary, LibraryProblem> open_beside(const PluginLibrary& loaded,
                                                                         const std::string& file,
                                                                         std::uint32_t generation);
  /// Unloads it. False: its code stays mapped, because somebody else has it open or because it cannot be unloaded.
  static bool close(PluginLibrary library);

  PluginLibrary(PluginLibrary&&) noexcept;
  PluginLibrary& operator=(PluginLibrary&&) noexcept;
  ~PluginLibrary();

  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  /// Of the file when it was opened.
  [[nodiscard]] const FileStamp& stamp() const noexcept { return stamp_; }
  [[nodiscard]] const Manifest& manifest() const noexcept { return manifest_; }
  /// Both are the same piece of mapped code.
  [[nodiscard]] bool same_code(const PluginLibrary& other) const noexcept;
  /// May throw what the plugin's constructor throws.
  [[nodiscard]] std::unique_ptr<Plugin> create() const;
  /// Its SLUICE_JOBS; empty where it has none.
  [[nodiscard]] std::span<const JobEntry> jobs() const;

 private:
  struct Handle;
  PluginLibrary(std::string file, FileStamp stamp, std::unique_ptr<Handle> handle, Manifest manifest);

  /// @param spelling  What the loader is told.
  [[nodiscard]] static Result<PluginLibrary, LibraryProblem> open_as(const std::string& file,
                                                                     const std::string& spelling);

  std::string file_;
  FileStamp stamp_;
  std::unique_ptr<Handle> handle_;  // before the manifest, which is destroyed first
  Manifest manifest_;
};

/// `file` under another spelling, different for each `generation`: `/a/b.so` is `/a/./b.so`, `/a/.//b.so`, ...
[[nodiscard]] std::string another_spelling(const std::string& file, std::uint32_t generation);

}  // namespace sluice
