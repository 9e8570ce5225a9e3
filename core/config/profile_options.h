#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/config.h"

/// Profiles of older event names as an operator writes them; docs/protocol.md says what each part does. In every pair
/// of names the older one comes first.
namespace sluice::config {

/// Older name of a field -> canonical name; either may be a path, `participant.name`.
using FieldPairs = std::map<std::string, std::string>;

struct FieldNameOptions {
  FieldPairs fields;
  std::map<std::string, std::map<std::string, json::value>> values;
  std::map<std::string, FieldPairs> lists;

  static Schema<FieldNameOptions> schema();
};

struct FieldDefaultOptions {
  std::map<std::string, json::value> when;
  std::map<std::string, json::value> data;

  static Schema<FieldDefaultOptions> schema();
};

struct AnnouncementOptions {
  std::string event;
  std::map<std::string, json::value> when;
  std::map<std::string, json::value> data;

  static Schema<AnnouncementOptions> schema();
};

struct FlagOptions {
  std::string as;
  std::map<std::string, json::value> data;

  static Schema<FlagOptions> schema();
};

struct AliasOptions {
  std::string event;
  FieldPairs fields;
  std::map<std::string, std::map<std::string, json::value>> values;
  std::vector<FieldDefaultOptions> defaults;
  std::optional<AnnouncementOptions> remember;
  std::map<std::string, FlagOptions> each;
  FieldNameOptions answer;
  std::vector<std::string> echo;
  std::string result;
  std::string result_unless;
  std::string context;

  static Schema<AliasOptions> schema();
};

struct OlderEventOptions {
  std::string event;
  FieldPairs fields;
  std::map<std::string, std::map<std::string, json::value>> values;
  std::map<std::string, FieldPairs> lists;
  std::string for_each;

  static Schema<OlderEventOptions> schema();
};

struct ProfileOptions {
  std::map<std::string, AliasOptions> incoming;
  std::map<std::string, std::vector<OlderEventOptions>> outgoing;

  static Schema<ProfileOptions> schema();
};

}  // namespace sluice::config
