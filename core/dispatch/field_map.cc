#include "core/dispatch/field_map.h"

#include <algorithm>
#include <boost/json/array.hpp>

namespace sluice {

namespace {

/// How an older value is written as a key of YAML.
json::value older_value(const std::string& text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return json::value(text);
}

std::string joined(const FieldPath& path) {
  std::string out;
  for (const std::string& key : path) out += (out.empty() ? "" : ".") + key;
  return out;
}

json::value mapped(const json::value& value, const std::vector<std::pair<json::value, json::value>>& values) {
  const auto found = std::ranges::find_if(values, [&](const auto& pair) { return pair.first == value; });
  return json::value(found == values.end() ? value : found->second);
}

}  // namespace

FieldPath field_path(std::string_view name) {
  FieldPath path;
  for (std::size_t end = name.find('.'); end != std::string_view::npos; end = name.find('.')) {
    path.emplace_back(name.substr(0, end));
    name.remove_prefix(end + 1);
  }
  path.emplace_back(name);
  return path;
}

const json::value* find_field(const json::object& data, const FieldPath& path) {
  const json::object* object = &data;
  const json::value* found = nullptr;
  for (const std::string& key : path) {
    if (object == nullptr) return nullptr;
    found = object->if_contains(key);
    if (found == nullptr) return nullptr;
    object = found->if_object();
  }
  return found;
}

FieldMap FieldMap::to_canonical(const FieldNames& names) {
  FieldMap map;
  for (const auto& [older, canonical] : names.fields) {
    Move move{.from = field_path(older), .to = field_path(canonical), .values = {}};
    if (const auto values = names.values.find(older); values != names.values.end()) {
      for (const auto& [name, value] : values->second) move.values.emplace_back(older_value(name), json::value(value));
    }
    map.moves_.push_back(std::move(move));
  }
  return map;
}

FieldMap FieldMap::to_older(const FieldNames& names) {
  FieldMap map;
  map.existing_ = Existing::replace;
  for (const auto& [older, canonical] : names.fields) {
    Move move{.from = field_path(canonical), .to = field_path(older), .values = {}};
    if (const auto values = names.values.find(older); values != names.values.end()) {
      for (const auto& [name, value] : values->second) move.values.emplace_back(json::value(value), older_value(name));
    }
    map.moves_.push_back(std::move(move));
  }
  for (const auto& [at, fields] : names.lists) {
    List list{.at = field_path(at), .moves = {}};
    for (const auto& [older, canonical] : fields) {
      list.moves.push_back({.from = field_path(canonical), .to = field_path(older), .values = {}});
    }
    map.lists_.push_back(std::move(list));
  }
  return map;
}

json::object FieldMap::apply(json::object data) const {
  for (const List& list : lists_) {
    // The payload is ours to change: the const path finds the place.
    auto* array = const_cast<json::value*>(find_field(data, list.at));
    if (array == nullptr || !array->is_array()) continue;
    for (json::value& element : array->get_array()) {
      if (json::object* object = element.if_object()) rename(list.moves, *object);
    }
  }
  rename(moves_, data);
  return data;
}

// All are looked up before any is moved, so that two fields may swap their names.
void FieldMap::rename(const std::vector<Move>& moves, json::object& data) const {
  std::vector<std::pair<const Move*, json::value>> found;
  for (const Move& move : moves) {
    const json::value* value = find_field(data, move.from);
    // To a plugin null is as good as missing, and must not keep out what another older name says.
    if (value == nullptr || (value->is_null() && existing_ == Existing::keep)) continue;
    found.emplace_back(&move, mapped(*value, move.values));
  }
  for (const auto& [move, value] : found) {
    if (move->from.size() == 1 && move->to.size() == 1) data.erase(move->from.front());
  }
  for (auto& [move, value] : found) put(data, move->to, std::move(value));
}

void FieldMap::put(json::object& data, const FieldPath& path, json::value value) const {
  json::object* object = &data;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    json::value& next = object->emplace(path[i], json::object()).first->value();
    object = next.if_object();
    if (object == nullptr) return;  // something else stands in the way, and is the plugin's to refuse
  }
  const auto [place, added] = object->emplace(path.back(), nullptr);
  if (added || existing_ == Existing::replace) place->value() = std::move(value);
}

std::string FieldMap::origin(std::string_view path) const {
  for (const Move& move : moves_) {
    const std::string to = joined(move.to);
    if (!path.starts_with(to)) continue;
    const std::string_view rest = path.substr(to.size());
    if (rest.empty() || rest.front() == '.' || rest.front() == '[') return joined(move.from) + std::string{rest};
  }
  return std::string{path};
}

}  // namespace sluice
