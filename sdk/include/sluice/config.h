#pragma once

#include "sluice/config_field.h"
#include "sluice/config_schema.h"
#include "sluice/secret.h"

/// Typed configuration. Options are a plain struct that says once what each key means:
///
///     struct Options {
///       int max_participants = 50;
///       std::chrono::milliseconds empty_room_timeout_ms{30'000};
///       sluice::Secret secret;
///       std::vector<RoomOptions> rooms;
///
///       static sluice::Schema<Options> schema() {
///         return sluice::Schema<Options>{"Rooms and who may enter them."}
///             .option("max_participants", &Options::max_participants, "Most participants of a room.",
///                     sluice::range(1, 10'000)).reloadable()
///             .option("empty_room_timeout_ms", &Options::empty_room_timeout_ms, "How long an empty room stays.")
///             .option("secret", &Options::secret, "Signs join tokens.")
///             .option("rooms", &Options::rooms, "Rooms that are always there.", sluice::max_items(1'000));
///       }
///     };
///
/// The manifest carries `sluice::options<Options>()`, and the plugin reads `config.as<Options>()`: already validated
/// (with file:line:column errors at start-up), defaults filled in from a default-constructed struct.
///
/// Field types: bool, integers, floating point, std::string, Secret, std::chrono::{milliseconds, seconds, minutes,
/// hours}, described enums (BOOST_DESCRIBE_ENUM), std::vector<T>, std::map<std::string, T>, std::optional<T>, another
/// struct with schema(), and json::value for anything at all. The key of a duration ends in its unit: `_ms`, `_s`,
/// `_minutes`, `_hours`.
namespace sluice {

/// Describes the options of `T`. Flags (`reloadable`, `required`) apply to the option declared before them.
template <class T>
class Schema {
 public:
  explicit Schema(std::string doc) { node_.doc = std::move(doc); }

  /// Declares one option. Constraints: range, one_of, not_empty, max_items, max_bytes, each, check. They are not asked
  /// about the null of a std::optional.
  /// Throws std::logic_error for a name that is taken, is not snake_case, or lacks the unit of a duration.
  template <class Field, class... Constraints>
  Schema& option(std::string name, Field T::*member, std::string doc, Constraints... constraints) {
    SchemaNode node = detail::node_of<Field>();
    (detail::constrain<Field>(node, std::move(constraints)), ...);
    json::value default_value = detail::write_option(defaults_.*member);
    detail::declare(node_, std::move(node), name, std::move(doc), std::move(default_value));
    fields_.push_back({std::move(name),
                       [member](const json::value& value, T& out) { detail::read_option(value, out.*member); },
                       [member](const T& in) { return detail::write_option(in.*member); }});
    return *this;
  }

  /// The option may change on reload (SIGHUP); without this a change is reported as needing a restart.
  Schema& reloadable() {
    detail::last_option(node_).reloadable = true;
    return *this;
  }
  /// The option has no default: the operator must write it.
  Schema& required() {
    detail::last_option(node_).required = true;
    return *this;
  }
  /// A demand that spans options: `rule(const T&) -> std::optional<std::string>`. The text of an error is read after
  /// "key '<key>' " and is reported where that key stands.
  template <class F>
  Schema& check(std::string key, F rule) {
    node_.rules.push_back(
        {std::move(key), [f = std::move(rule)](const json::value& section) -> std::optional<std::string> {
           const T options = detail::schema_of<T>().bind(section);
           return f(options);
         }});
    return *this;
  }
  /// Keys that are not declared are left for another reader instead of being an error.
  Schema& open() {
    node_.open = true;
    return *this;
  }

  [[nodiscard]] const SchemaNode& node() const noexcept { return node_; }

  /// Reads canonical JSON; a key that is not there keeps what `out` holds.
  void read(const json::value& value, T& out) const {
    const json::object& object = detail::read_object(value, detail::JsonPath{});
    for (const auto& field : fields_) {
      if (const json::value* found = object.if_contains(field.name)) field.read(*found, out);
    }
  }
  [[nodiscard]] T bind(const json::value& value) const {
    T out{};
    read(value, out);
    return out;
  }
  /// Canonical JSON. Secrets stand in it in plain text.
  [[nodiscard]] json::value write(const T& value) const {
    json::object out;
    for (const auto& field : fields_) out[field.name] = field.write(value);
    return out;
  }

 private:
  struct Field {
    std::string name;
    std::function<void(const json::value&, T&)> read;
    std::function<json::value(const T&)> write;
  };

  SchemaNode node_;
  T defaults_{};
  std::vector<Field> fields_;
};

/// A constraint of your own on one option: `check("a known codec", [](const std::string& name) { ... })`, where the
/// function takes the field's type (of a std::optional: its value) and returns std::optional<std::string>, the error.
/// `doc` says in --print-defaults what is demanded.
template <class F>
[[nodiscard]] detail::TypedCheck<F> check(std::string doc, F function) {
  return {std::move(doc), std::move(function)};
}

/// The validated options of one plugin (or of the gateway). A value: keep it, copy it, drop it.
class Config {
 public:
  Config() : raw_(json::object{}) {}  // parentheses: braces would make a list of one object
  /// `canonical` is validated JSON with the defaults filled in; missing keys keep the defaults of the struct.
  explicit Config(json::value canonical) : raw_(std::move(canonical)) {}

  /// The options as the struct that described them.
  template <class T>
  [[nodiscard]] T as() const {
    return detail::schema_of<T>().bind(raw_);
  }
  /// The canonical JSON. Secrets stand in it in plain text: do not log or send it.
  [[nodiscard]] const json::value& raw() const noexcept { return raw_; }

 private:
  json::value raw_;
};

/// What a manifest carries about its plugin's options. Default: there are none, and every key is an error.
class ConfigSchema {
 public:
  constexpr ConfigSchema() noexcept = default;
  constexpr explicit ConfigSchema(SchemaNode (*make)()) noexcept : make_{make} {}

  [[nodiscard]] constexpr bool empty() const noexcept { return make_ == nullptr; }
  /// Builds the description. Its checks are the plugin's code: drop it before the plugin's library is unloaded.
  [[nodiscard]] SchemaNode node() const { return make_ == nullptr ? SchemaNode{} : make_(); }

 private:
  SchemaNode (*make_)() = nullptr;
};

/// `sluice::options<Options>()`: the options of a plugin, for its manifest.
template <class T>
[[nodiscard]] constexpr ConfigSchema options() noexcept {
  return ConfigSchema{+[] { return detail::schema_of<T>().node(); }};
}

}  // namespace sluice
