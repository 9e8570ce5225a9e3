#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/result.h"

namespace sluice::config {

/// Why a file could not be read, to be shown: "No such file or directory".
struct FileError {
  std::string reason;
};

/// Where configuration comes from besides its own text; tests hand in their own.
struct ConfigSource {
  /// The value of an environment variable, or nothing where it is not set.
  std::function<std::optional<std::string>(const std::string& name)> environment;
  /// The whole content of a file, at most kMaxFileBytes.
  std::function<Result<std::string, FileError>(const std::string& path)> read_file;

  static constexpr std::size_t kMaxFileBytes = 1 << 20;
};

/// The environment and the files of this process.
[[nodiscard]] ConfigSource system_source();

/// A scalar with its variables filled in.
struct Expansion {
  std::string text;
  bool used_environment = false;
};

/// Why a scalar cannot be expanded, to be shown.
struct ExpansionError {
  std::string reason;
};

/// Fills in `${NAME}` (an error where it is not set) and `${NAME:-default}` (also where it is empty, as in a shell);
/// `$${` stands for `${`. What a variable holds is not expanded again. The result is at most `max_bytes` long.
[[nodiscard]] Result<Expansion, ExpansionError> expand_environment(std::string_view text, const ConfigSource& source,
                                                                   std::size_t max_bytes);

}  // namespace sluice::config
