#include "core/config/print_defaults.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <sstream>

#include "sluice/secret.h"

namespace sluice::config {
namespace {

constexpr std::size_t kLineBytes = 110;

bool plain_key(std::string_view key) {
  return key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos && !key.empty() &&
         key.front() >= 'a' && key.front() <= 'z';
}

/// JSON's quoting is YAML's; only the dollar before a brace means something more to us.
std::string quoted_string(std::string_view text) {
  std::string out = json::serialize(json::value(text));
  for (std::size_t at = out.find("${"); at != std::string::npos; at = out.find("${", at + 3)) out.insert(at, "$");
  return out;
}

std::string number_text(double number) {
  std::ostringstream out;
  out.precision(15);
  out << number;
  return out.str();
}

/// A value on one line, in YAML's flow style.
std::string flow(const json::value& value) {
  std::string out;
  if (const auto* object = value.if_object()) {
    for (const auto& [key, element] : *object) {
      if (element.is_null()) continue;
      const std::string name = plain_key(key) ? std::string{key} : quoted_string(key);
      out += (out.empty() ? "" : ", ") + name + ": " + flow(element);
    }
    return "{" + out + "}";
  }
  if (const auto* array = value.if_array()) {
    for (const auto& element : *array) out += (out.empty() ? "" : ", ") + flow(element);
    return "[" + out + "]";
  }
  if (const auto* text = value.if_string()) return quoted_string(*text);
  if (const auto* number = value.if_double()) return number_text(*number);
  return json::serialize(value);
}

bool is_section(const SchemaNode& option) { return option.type == OptionType::section && !option.nullable; }

class Printer {
 public:
  void section(const SchemaNode& schema, const std::string& indent) {
    const SchemaNode* previous = nullptr;
    for (const auto& option : schema.children) {
      const bool beside_section = previous != nullptr && (is_section(*previous) || is_section(option));
      if (previous != nullptr && (indent.empty() || beside_section)) out_ += '\n';
      previous = &option;
      describe(option, indent + "# ");
      value(option, indent);
    }
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void describe(const SchemaNode& option, const std::string& indent) {
    wrap(option.doc, indent);
    std::string facts = type_name(option);
    for (const auto& constraint : option.constraints) facts += "; " + constraint.doc;
    if (option.required) facts += "; required";
    if (option.nullable) facts += "; none by default";
    if (option.reloadable) facts += "; reloadable";
    const bool plain_section = option.type == OptionType::section && facts == "section";
    if (!plain_section) wrap("(" + facts + ")", indent);
  }

  void wrap(const std::string& text, const std::string& indent) {
    std::istringstream words{text};
    std::string line;
    for (std::string word; words >> word;) {
      if (!line.empty() && indent.size() + line.size() + 1 + word.size() > kLineBytes) {
        out_ += indent + line + '\n';
        line.clear();
      }
      line += (line.empty() ? "" : " ") + word;
    }
    if (!line.empty()) out_ += indent + line + '\n';
  }

  void value(const SchemaNode& option, const std::string& indent) {
    const std::string key = indent + option.name + ":";
    const std::string comment = indent + "# " + option.name + ":";
    if (is_section(option)) {
      out_ += key + '\n';
      section(option, indent + "  ");
      return;
    }
    describe_entries(option, indent);
    if (option.required || option.default_value.is_null()) {
      out_ += comment + '\n';
    } else if (option.type == OptionType::secret && !option.default_value.as_string().empty()) {
      out_ += comment + " \"" + std::string{kMaskedSecret} + "\"\n";
    } else if (option.type == OptionType::list && option.entry().type == OptionType::section) {
      entries_in_block(option, key, indent);
    } else {
      out_ += key + " " + flow(option.default_value) + '\n';
    }
  }

  /// A list of sections, one line each.
  void entries_in_block(const SchemaNode& option, const std::string& key, const std::string& indent) {
    const auto& entries = option.default_value.as_array();
    out_ += key + (entries.empty() ? " []\n" : "\n");
    for (const auto& entry : entries) out_ += indent + "  - " + flow(entry) + '\n';
  }

  /// What each entry of a list or map of sections may hold, as a comment.
  void describe_entries(const SchemaNode& option, const std::string& indent) {
    const bool collection = option.type == OptionType::list || option.type == OptionType::map;
    const SchemaNode* inner = collection ? &option.entry() : &option;
    if (inner->type != OptionType::section) return;
    if (collection) out_ += indent + "# Each entry:\n";
    Printer printer;
    printer.section(*inner, "");
    std::istringstream lines{printer.take()};
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty()) out_.append(indent).append("#   ").append(line).append("\n");
    }
  }

  std::string out_;
};

}  // namespace

std::string print_defaults(const SchemaNode& section) {
  Printer printer;
  printer.section(section, "");
  return printer.take();
}

}  // namespace sluice::config
