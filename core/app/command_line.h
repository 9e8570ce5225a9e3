#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/result.h"

namespace sluice {

/// What the process was asked to do.
struct CommandLine {
  enum class Action : std::uint8_t { run, check, print_defaults, version, help, job };
  Action action = Action::run;
  std::string config_file{};  ///< of run and check
  std::string library{};      ///< of job
  std::string job{};
};

/// What is wrong with the arguments, one line.
struct UsageError {
  std::string text;
};

/// Reads the arguments, without the program's name.
[[nodiscard]] Result<CommandLine, UsageError> parse_command_line(const std::vector<std::string>& arguments);

/// What --help prints.
[[nodiscard]] std::string usage_text();

}  // namespace sluice
