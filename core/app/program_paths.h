#pragma once

#include <string>

namespace sluice {

/// Where the parts of an installation lie, from where the program itself lies: the tree may stand anywhere.
struct ProgramPaths {
  std::string plugins;  ///< `../lib/sluice/plugins`
  std::string web;      ///< `../share/sluice/web`; empty where it is not there
};

[[nodiscard]] ProgramPaths program_paths();

}  // namespace sluice
