#include "core/app/program_paths.h"

#include <filesystem>

namespace sluice {

ProgramPaths program_paths() {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const fs::path root = program.parent_path().parent_path();
  const fs::path web = root / "share" / "sluice" / "web";
  return {.plugins = (root / "lib" / "sluice" / "plugins").string(),
          .web = fs::is_directory(web, error) ? web.string() : std::string{}};
}

}  // namespace sluice
