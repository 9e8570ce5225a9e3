#include "core/config/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <unordered_set>

namespace sluice::config {
namespace {

/// Ends the parsing: carried through the YAML library to read_yaml().
struct Abandoned {
  Position at;
  std::string text;
};

/// Memory that a node takes with all below it, roughly; what kMaxTreeBytes counts.
std::size_t weight(const YamlNode& node) {
  std::size_t bytes = sizeof(YamlEntry) + node.text.size();
  for (const auto& entry : node.entries) bytes += entry.key.size() + weight(entry.value);
  return bytes;
}

/// Builds the tree from the parser's events. The library's own tree would follow aliases lazily, keep only the last of
/// two equal keys, and forget where keys stood.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, const ConfigSource& source, ConfigProblems& problems)
      : file_{std::make_shared<const std::string>(file)}, source_{source}, problems_{problems} {}

  [[nodiscard]] YamlNode take_root() { return std::move(root_); }
  [[nodiscard]] Position position(const YAML::Mark& mark) const {
    return {file_, std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw Abandoned{position(mark), "a file holds one YAML document, this is a second one"};
    root_.at = position(mark);
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(make(mark, Kind::null), anchor); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchored_.find(anchor);
    if (found == anchored_.end()) throw Abandoned{position(mark), "an alias cannot stand inside of what it names"};
    spend(found->second, mark);
    add(found->second, YAML::NullAnchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = make(mark, Kind::scalar);
    node.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    if (tag != "?" && !tag.empty() && !node.quoted) {
      problems_.add(node.at, "the tag " + in_quotes(tag) + " is not supported");
      node.broken = true;
    }
    if (expects_key()) {
      node.text = value;
    } else {
      fill_in(node, value);
    }
    spend(node, mark);
    add(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(make(mark, Kind::sequence), mark, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(make(mark, Kind::mapping), mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  using Kind = YamlNode::Kind;

  struct Key {
    std::string text;
    Position at;
  };
  struct Frame {
    YamlNode node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::optional<Key> key{};
    std::unordered_set<std::string> seen{};
  };

  [[nodiscard]] YamlNode make(const YAML::Mark& mark, Kind kind) const {
    YamlNode node;
    node.kind = kind;
    node.at = position(mark);
    return node;
  }

  [[nodiscard]] bool expects_key() const {
    return !frames_.empty() && frames_.back().node.kind == Kind::mapping && !frames_.back().key;
  }

  void fill_in(YamlNode& node, const std::string& value) {
    const auto expanded = expand_environment(value, source_, kMaxScalarBytes);
    if (!expanded) {
      problems_.add(node.at, expanded.error().reason);
      node.broken = true;
    } else if (expanded->text.find('\0') != std::string::npos) {
      problems_.add(node.at, "the value contains a NUL character");
      node.broken = true;
    } else {
      node.text = expanded->text;
      node.from_environment = expanded->used_environment;
    }
  }

  void spend(const YamlNode& node, const YAML::Mark& mark) {
    bytes_ += weight(node);
    if (bytes_ <= kMaxTreeBytes) return;
    throw Abandoned{position(mark), "the document expands to more than " + std::to_string(kMaxTreeBytes) + " bytes"};
  }

  void open(YamlNode node, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (expects_key()) throw Abandoned{node.at, "a key must be plain text"};
    if (frames_.size() == kMaxDepth) {
      throw Abandoned{node.at, "nested deeper than " + std::to_string(kMaxDepth) + " levels"};
    }
    spend(node, mark);
    frames_.push_back({std::move(node), anchor});
  }

  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    add(std::move(frame.node), frame.anchor);
  }

  void add(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      bytes_ += weight(node);  // the copy that aliases are made from; the next node is refused where this is too much
      anchored_[anchor] = node;
    }
    if (frames_.empty()) {
      root_ = std::move(node);
    } else if (frames_.back().node.kind == Kind::sequence) {
      const Position at = node.at;
      frames_.back().node.entries.push_back({{}, at, std::move(node)});
    } else if (!frames_.back().key) {
      take_key(frames_.back(), node);
    } else {
      take_value(frames_.back(), std::move(node));
    }
  }

  void take_key(Frame& frame, YamlNode& node) {
    if (node.kind != Kind::scalar || node.text.empty()) throw Abandoned{node.at, "a key must be plain text"};
    frame.key = Key{std::move(node.text), node.at};
  }

  void take_value(Frame& frame, YamlNode node) {
    Key key = *std::move(frame.key);
    frame.key.reset();
    if (frame.seen.insert(key.text).second) {
      frame.node.entries.push_back({std::move(key.text), std::move(key.at), std::move(node)});
      return;
    }
    const YamlEntry* first = frame.node.find(key.text);
    problems_.add(key.at, "key " + in_quotes(key.text) + " is written twice; the first one is in line " +
                              std::to_string(first->at.line));
  }

  std::shared_ptr<const std::string> file_;
  const ConfigSource& source_;
  ConfigProblems& problems_;
  YamlNode root_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, YamlNode> anchored_;
  std::size_t bytes_ = 0;
  int documents_ = 0;
};

}  // namespace

std::optional<YamlNode> read_yaml(const std::string& text, const std::string& file, const ConfigSource& source,
                                  ConfigProblems& problems) {
  TreeBuilder builder{file, source, problems};
  try {
    std::istringstream in{text};
    YAML::Parser parser{in};
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Abandoned& abandoned) {
    problems.add(abandoned.at, abandoned.text);
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    problems.add(builder.position(error.mark), "not valid YAML: " + printable(error.msg));
    return std::nullopt;
  }
  YamlNode root = builder.take_root();
  if (root.at.file == nullptr) root.at = builder.position(YAML::Mark{});
  return root;
}

}  // namespace sluice::config
