#include "core/app/profile_mapping.h"

#include <utility>

namespace sluice {

namespace {

json::object object(const std::map<std::string, json::value>& fields) {
  json::object out;
  for (const auto& [name, value] : fields) out.emplace(name, value);
  return out;
}

template <class Options>
FieldDefaults field_defaults(const Options& options) {
  return {.when = object(options.when), .data = object(options.data)};
}

AliasRules alias_rules(const config::AliasOptions& options) {
  AliasRules rules;
  rules.event = options.event;
  rules.request = {.fields = options.fields, .values = options.values, .lists = {}};
  for (const auto& defaults : options.defaults) rules.defaults.push_back(field_defaults(defaults));
  if (options.remember) {
    rules.remember = Announcement{.event = options.remember->event, .defaults = field_defaults(*options.remember)};
  }
  for (const auto& [name, flag] : options.each) rules.each[name] = {.as = flag.as, .data = object(flag.data)};
  rules.answer = {.fields = options.answer.fields, .values = options.answer.values, .lists = options.answer.lists};
  rules.echo = options.echo;
  rules.result = options.result;
  rules.result_unless = options.result_unless;
  rules.context = options.context;
  return rules;
}

OlderEventRules older_event_rules(const config::OlderEventOptions& options) {
  return {.event = options.event,
          .data = {.fields = options.fields, .values = options.values, .lists = options.lists},
          .for_each = options.for_each};
}

}  // namespace

ProfileTable profile_table(const config::SignallingOptions& options) {
  std::map<std::string, ProfileRules> profiles;
  for (const auto& [name, profile] : options.profiles) {
    ProfileRules& rules = profiles[name];
    for (const auto& [event, alias] : profile.incoming) rules.incoming[event] = alias_rules(alias);
    for (const auto& [event, older] : profile.outgoing) {
      for (const auto& one : older) rules.outgoing[event].push_back(older_event_rules(one));
    }
  }
  return ProfileTable{std::move(profiles), options.default_profile};
}

}  // namespace sluice
