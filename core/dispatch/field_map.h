#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

namespace json = boost::json;

/// Names of fields as a profile has them: always the older name first, then the canonical one. A name may be a path
/// into nested objects, `participant.name`.
struct FieldNames {
  std::map<std::string, std::string> fields{};
  /// By a field's older name: its older values and what they are. `true` and `false` as older values are booleans.
  std::map<std::string, std::map<std::string, json::value>> values{};
  /// By a list's canonical name: the fields of each object in it. For what a client is sent.
  std::map<std::string, std::map<std::string, std::string>> lists{};
};

/// The keys that lead to a value.
using FieldPath = std::vector<std::string>;

[[nodiscard]] FieldPath field_path(std::string_view name);
/// The value at a path, or nullptr.
[[nodiscard]] const json::value* find_field(const json::object& data, const FieldPath& path);

/// Renames the fields of a payload, in one of two directions.
///
/// Between two names without a dot a field is moved; otherwise it is copied, as there is more where it came from. One
/// canonical field may have several older names, and the other way round.
class FieldMap {
 public:
  FieldMap() = default;
  /// For what a client sends. A canonical field that is there already stays.
  [[nodiscard]] static FieldMap to_canonical(const FieldNames& names);
  /// For what a client is sent. An older name wins over a canonical field of the same name.
  [[nodiscard]] static FieldMap to_older(const FieldNames& names);

  [[nodiscard]] json::object apply(json::object data) const;
  /// By which name the other side knows the field `path` of the result; `path` itself where nothing renames it.
  [[nodiscard]] std::string origin(std::string_view path) const;

 private:
  enum class Existing : std::uint8_t { keep, replace };
  struct Move {
    FieldPath from;
    FieldPath to;
    std::vector<std::pair<json::value, json::value>> values;
  };
  struct List {
    FieldPath at;
    std::vector<Move> moves;
  };

  void rename(const std::vector<Move>& moves, json::object& data) const;
  void put(json::object& data, const FieldPath& path, json::value value) const;

  std::vector<Move> moves_;
  std::vector<List> lists_;
  Existing existing_ = Existing::keep;
};

}  // namespace sluice
