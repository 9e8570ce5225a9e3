#include "core/plugins/plugin_library.h"

#include <dlfcn.h>

#include <algorithm>
#include <bit>
#include <boost/dll/shared_library.hpp>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "core/plugins/lasting_objects.h"

namespace sluice {

namespace {

constexpr const char* kSymbol = "sluice_plugin";
constexpr const char* kJobsSymbol = "sluice_jobs";

LibraryProblem unreadable(const std::string& file, const std::string& why) {
  return {LibraryProblem::Kind::unreadable, "cannot load " + file + ": " + why};
}

bool is_plugin_name(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, allowed);
}

}  // namespace

struct PluginLibrary::Handle {
  std::string spelling;  // of the file's name, as the loader was told it
  boost::dll::shared_library library;
  const PluginDescriptor* descriptor = nullptr;
};

std::string another_spelling(const std::string& file, std::uint32_t generation) {
  const std::filesystem::path path{file};
  std::string out = path.has_parent_path() ? path.parent_path().string() + "/" : "./";
  for (int bit = std::bit_width(generation); bit-- > 0;) out += (generation >> bit & 1) != 0 ? "./" : "/";
  return out + path.filename().string();
}

PluginLibrary::PluginLibrary(std::string file, FileStamp stamp, std::unique_ptr<Handle> handle, Manifest manifest)
    : file_{std::move(file)}, stamp_{stamp}, handle_{std::move(handle)}, manifest_{std::move(manifest)} {}
PluginLibrary::PluginLibrary(PluginLibrary&&) noexcept = default;
PluginLibrary& PluginLibrary::operator=(PluginLibrary&&) noexcept = default;
PluginLibrary::~PluginLibrary() = default;

Result<PluginLibrary, LibraryProblem> PluginLibrary::open(const std::string& file) { return open_as(file, file); }

Result<PluginLibrary, LibraryProblem> PluginLibrary::open_beside(const PluginLibrary& loaded, const std::string& file,
                                                                 std::uint32_t generation) {
  const auto stamp = stamp_of(file);
  if (!stamp) return unreadable(file, "there is no such file");
  if (*stamp == loaded.stamp_ && file == loaded.file_) return open_as(file, loaded.handle_->spelling);
  if (stamp->same_file(loaded.stamp_) && *stamp != loaded.stamp_) {
    return unreadable(file,
                      "it was written over while it was loaded: put the new one in its place by a rename (mv, "
                      "install), and restart the gateway, whose code is not the one any more that it loaded");
  }
  return open_as(file, another_spelling(file, generation));
}

bool PluginLibrary::close(PluginLibrary library) {
  const void* const code = library.handle_->descriptor;
  Dl_info before{};
  const std::string name = dladdr(code, &before) != 0 ? before.dli_fname : "";
  { const PluginLibrary closed = std::move(library); }
  Dl_info after{};
  return dladdr(code, &after) == 0 || name != after.dli_fname;
}

bool PluginLibrary::same_code(const PluginLibrary& other) const noexcept {
  return handle_->descriptor == other.handle_->descriptor;
}

Result<PluginLibrary, LibraryProblem> PluginLibrary::open_as(const std::string& file, const std::string& spelling) {
  const auto stamp = stamp_of(file);
  if (!stamp) return unreadable(file, "there is no such file");

  auto handle = std::make_unique<Handle>();
  handle->spelling = spelling;
  const auto before = loaded_objects();
  // The loader's own text says which symbol or library is missing; the error code alone does not.
  try {
    handle->library.load(spelling, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
  } catch (const boost::system::system_error& failure) {
    return unreadable(file, failure.what());
  }
  keep_what_came_with(handle->library.native(), before);
  if (!handle->library.has(kSymbol)) {
    return LibraryProblem{LibraryProblem::Kind::not_a_plugin,
                          file + " exports no '" + kSymbol + "': end its source with SLUICE_PLUGIN(...)"};
  }
  handle->descriptor = &handle->library.get<const PluginDescriptor>(kSymbol);
  const PluginDescriptor& descriptor = *handle->descriptor;
  if (std::memcmp(descriptor.magic, kPluginMagic, sizeof kPluginMagic) != 0) {
    return LibraryProblem{LibraryProblem::Kind::not_a_plugin, file + " is not built with this SDK's SLUICE_PLUGIN"};
  }
  if (std::string_view{descriptor.abi} != SLUICE_ABI_STAMP) {
    return LibraryProblem{LibraryProblem::Kind::abi_mismatch,
                          file + " was built for '" + std::string{std::string_view{descriptor.abi}.substr(0, 160)} +
                              "', this gateway is '" SLUICE_ABI_STAMP
                              "': build it again with this gateway's SDK and compiler"};
  }
  Manifest manifest;
  try {
    manifest = descriptor.manifest();
  } catch (const std::exception& failure) {
    return LibraryProblem{LibraryProblem::Kind::bad_manifest, file + ": its manifest throws: " + failure.what()};
  }
  if (!is_plugin_name(manifest.name)) {
    return LibraryProblem{LibraryProblem::Kind::bad_manifest,
                          file + ": a plugin's name has 1 to 64 characters of a-z, 0-9 and '-', not '" +
                              manifest.name.substr(0, 64) + "'"};
  }
  return PluginLibrary{file, *stamp, std::move(handle), std::move(manifest)};
}

std::unique_ptr<Plugin> PluginLibrary::create() const { return handle_->descriptor->create(); }

std::span<const JobEntry> PluginLibrary::jobs() const {
  if (!handle_->library.has(kJobsSymbol)) return {};
  const auto& list = handle_->library.get<const JobList>(kJobsSymbol);
  return {list.entries, list.count};
}

}  // namespace sluice
