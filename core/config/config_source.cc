#include "core/config/config_source.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace sluice::config {
namespace {

std::optional<std::string> read_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string{value};
}

Result<std::string, FileError> read_whole_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return FileError{"is a directory"};
  errno = 0;
  std::ifstream in{path, std::ios::binary};
  if (!in) return FileError{errno != 0 ? std::strerror(errno) : "cannot be opened"};
  std::string text(ConfigSource::kMaxFileBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return FileError{"cannot be read"};
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > ConfigSource::kMaxFileBytes) {
    return FileError{"is larger than " + std::to_string(ConfigSource::kMaxFileBytes) + " bytes"};
  }
  return text;
}

bool is_variable_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || digit(c); });
}

/// `inside` is what stands between the braces.
Result<std::string, ExpansionError> variable_value(std::string_view inside, const ConfigSource& source) {
  const auto separator = inside.find(":-");
  const std::string name{inside.substr(0, separator)};
  // The reason does not quote the name unless it is one: what stands here may be a mistyped secret.
  if (!is_variable_name(name))
    return ExpansionError{"'${' is not followed by the name of a variable; '$${' means '${'"};
  auto value = source.environment(name);
  if (separator != std::string_view::npos) {
    return value && !value->empty() ? *std::move(value) : std::string{inside.substr(separator + 2)};
  }
  if (value) return *std::move(value);
  return ExpansionError{"environment variable '" + name + "' is not set; '${" + name + ":-}' would allow that"};
}

}  // namespace

ConfigSource system_source() { return {read_environment, read_whole_file}; }

Result<Expansion, ExpansionError> expand_environment(std::string_view text, const ConfigSource& source,
                                                     std::size_t max_bytes) {
  Expansion out;
  while (true) {
    const auto found = text.find("${");
    const bool escaped = found != std::string_view::npos && found > 0 && text[found - 1] == '$';
    out.text += text.substr(0, escaped ? found - 1 : found);
    if (out.text.size() > max_bytes) break;
    if (found == std::string_view::npos) return out;
    text.remove_prefix(found + 2);
    if (escaped) {
      out.text += "${";
      continue;
    }
    const auto end = text.find('}');
    if (end == std::string_view::npos) return ExpansionError{"'${' without '}'; '$${' means '${'"};
    auto value = variable_value(text.substr(0, end), source);
    if (!value) return value.error();
    out.text += *value;
    out.used_environment = true;
    text.remove_prefix(end + 1);
  }
  return ExpansionError{"the value is longer than " + std::to_string(max_bytes) + " bytes"};
}

}  // namespace sluice::config
