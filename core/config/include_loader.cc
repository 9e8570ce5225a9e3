#include "core/config/include_loader.h"

#include <algorithm>
#include <filesystem>
#include <unordered_map>

#include "core/config/yaml_reader.h"

namespace sluice::config {
namespace {

using Kind = YamlNode::Kind;

void merge(YamlNode& base, YamlNode over) {
  // `videoroom:` with nothing below it is a section that says nothing, not one that forgets what a file said before.
  if (base.kind == Kind::mapping && over.kind == Kind::null) return;
  if (base.kind != Kind::mapping || over.kind != Kind::mapping) {
    base = std::move(over);
    return;
  }
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < base.entries.size(); ++i) places.emplace(base.entries[i].key, i);
  for (auto& entry : over.entries) {
    const auto found = places.find(entry.key);
    if (found == places.end()) {
      base.entries.push_back(std::move(entry));
      continue;
    }
    YamlEntry& existing = base.entries[found->second];
    existing.at = entry.at;
    merge(existing.value, std::move(entry.value));
  }
}

class IncludeLoader {
 public:
  IncludeLoader(const ConfigSource& source, ConfigProblems& problems) : source_{source}, problems_{problems} {}

  std::optional<YamlNode> parse(const std::string& text, const std::string& file) {
    ++files_;
    auto root = read_yaml(text, file, source_, problems_);
    if (!root) return std::nullopt;
    if (root->kind == Kind::null) root->kind = Kind::mapping;
    if (root->kind != Kind::mapping) {
      problems_.add(root->at, "a configuration is a mapping of sections, such as 'http:' and 'plugins:'");
      return std::nullopt;
    }
    open_files_.push_back(std::filesystem::path{file}.lexically_normal().string());
    auto merged = with_includes(*std::move(root), file);
    open_files_.pop_back();
    return merged;
  }

 private:
  std::optional<YamlNode> with_includes(YamlNode root, const std::string& file) {
    const auto include =
        std::ranges::find_if(root.entries, [](const YamlEntry& entry) { return entry.key == "include"; });
    if (include == root.entries.end()) return root;
    const YamlNode paths = std::move(include->value);
    const Position key_at = include->at;
    root.entries.erase(include);

    YamlNode base;
    base.kind = Kind::mapping;
    base.at = root.at;
    if (paths.kind == Kind::scalar) {
      add_include(paths, file, base);
    } else if (paths.kind == Kind::sequence) {
      for (const auto& entry : paths.entries) add_include(entry.value, file, base);
    } else {
      problems_.add(key_at, "key 'include' must be a path or a list of paths");
    }
    merge(base, std::move(root));
    return base;
  }

  void add_include(const YamlNode& node, const std::string& file, YamlNode& base) {
    if (node.broken) return;
    if (node.kind != Kind::scalar || node.text.empty()) {
      problems_.add(node.at, "key 'include' must be a path or a list of paths");
      return;
    }
    const auto path = (std::filesystem::path{file}.parent_path() / node.text).lexically_normal().string();
    if (std::ranges::find(open_files_, path) != open_files_.end()) {
      problems_.add(node.at, "include " + in_quotes(path) + " includes itself");
      return;
    }
    if (files_ >= kMaxFiles) {
      problems_.add(node.at, "more than " + std::to_string(kMaxFiles) + " files are included");
      return;
    }
    const auto text = source_.read_file(path);
    if (!text) {
      problems_.add(node.at, "include " + in_quotes(path) + ": " + text.error().reason);
      return;
    }
    if (auto tree = parse(*text, path)) merge(base, *std::move(tree));
  }

  const ConfigSource& source_;
  ConfigProblems& problems_;
  std::vector<std::string> open_files_;  ///< the chain of includes that leads here
  std::size_t files_ = 0;
};

}  // namespace

std::optional<YamlNode> parse_with_includes(const std::string& text, const std::string& file,
                                            const ConfigSource& source, ConfigProblems& problems) {
  return IncludeLoader{source, problems}.parse(text, file);
}

std::optional<YamlNode> load_with_includes(const std::string& path, const ConfigSource& source,
                                           ConfigProblems& problems) {
  const auto text = source.read_file(path);
  if (!text) {
    problems.add_file(path, text.error().reason);
    return std::nullopt;
  }
  return parse_with_includes(*text, path, source, problems);
}

}  // namespace sluice::config
