#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::config {

/// Where something stands in the files that the operator wrote. Lines and columns count from 1.
struct Position {
  std::shared_ptr<const std::string> file;  ///< shared by all the nodes that were read from that file
  int line = 1;
  int column = 1;
};

struct YamlEntry;

/// YAML as a tree of values that know where they were written; aliases are already resolved into copies.
struct YamlNode {
  enum class Kind : std::uint8_t { null, scalar, sequence, mapping };

  Kind kind = Kind::null;
  Position at;
  std::string text;               ///< scalar, environment variables filled in
  bool quoted = false;            ///< scalar: "8080" in quotes is text, not a number
  bool from_environment = false;  ///< scalar: holds the value of a variable, which no message may quote
  bool broken = false;            ///< a problem was already reported here
  std::vector<YamlEntry> entries;

  /// The value under `key` of a mapping, or nullptr.
  [[nodiscard]] const YamlEntry* find(std::string_view key) const noexcept;
};

/// One element of a sequence, or one key of a mapping with its value.
struct YamlEntry {
  std::string key;  ///< empty in a sequence
  Position at;      ///< of the key; in a sequence of the value
  YamlNode value;
};

inline const YamlEntry* YamlNode::find(std::string_view key) const noexcept {
  for (const auto& entry : entries) {
    if (kind == Kind::mapping && entry.key == key) return &entry;
  }
  return nullptr;
}

}  // namespace sluice::config
