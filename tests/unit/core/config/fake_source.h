#pragma once

#include <map>
#include <string>
#include <utility>

#include "core/config/config_source.h"

namespace sluice::config {

/// An environment and files that exist in the test alone.
class FakeSource {
 public:
  FakeSource& variable(std::string name, std::string value) {
    environment_[std::move(name)] = std::move(value);
    return *this;
  }
  FakeSource& file(std::string path, std::string text) {
    files_[std::move(path)] = std::move(text);
    return *this;
  }

  /// Refers to this object.
  [[nodiscard]] ConfigSource source() const {
    return {[this](const std::string& name) -> std::optional<std::string> {
              const auto found = environment_.find(name);
              if (found == environment_.end()) return std::nullopt;
              return found->second;
            },
            [this](const std::string& path) -> Result<std::string, FileError> {
              const auto found = files_.find(path);
              if (found == files_.end()) return FileError{"No such file or directory"};
              return found->second;
            }};
  }

 private:
  std::map<std::string, std::string> environment_;
  std::map<std::string, std::string> files_;
};

}  // namespace sluice::config
