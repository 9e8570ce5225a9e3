#include "core/dispatch/profile.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

namespace sluice {

bool FieldDefaults::apply(json::object& event_data) const {
  for (const auto& [key, value] : when) {
    const json::value* found = event_data.if_contains(key);
    if (found == nullptr || *found != value) return false;
  }
  for (const auto& [key, value] : data) event_data.emplace(key, value);
  return true;
}

Profile::Profile(ProfileRules rules) {
  for (auto& [name, alias] : rules.incoming) {
    Alias compiled{
        .rules = {}, .request = FieldMap::to_canonical(alias.request), .answer = FieldMap::to_older(alias.answer)};
    compiled.rules = std::move(alias);
    aliases_.emplace(name, std::move(compiled));
  }
  for (const auto& [name, events] : rules.outgoing) {
    for (const OlderEventRules& event : events) {
      older_[name].push_back({.name = event.event,
                              .data = FieldMap::to_older(event.data),
                              .for_each = event.for_each.empty() ? FieldPath{} : field_path(event.for_each)});
    }
  }
}

const Profile::Alias* Profile::alias(std::string_view event) const {
  const auto found = aliases_.find(event);
  return found == aliases_.end() ? nullptr : &found->second;
}

const std::vector<Profile::OlderEvent>* Profile::older_events(std::string_view event) const {
  const auto found = older_.find(event);
  return found == older_.end() ? nullptr : &found->second;
}

std::vector<std::string> Profile::targets() const {
  std::vector<std::string> names;
  for (const auto& [name, alias] : aliases_) {
    if (!alias.rules.event.empty()) names.push_back(alias.rules.event);
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

ProfileTable::ProfileTable(std::map<std::string, ProfileRules> profiles, std::string chosen_by_default)
    : default_{std::move(chosen_by_default)} {
  for (auto& [name, rules] : profiles) profiles_.emplace(name, Profile{std::move(rules)});
}

Result<const Profile*, Error> ProfileTable::choose(const ConnectRequest& request) const {
  if (request.door == DoorKind::plugin) return nullptr;
  std::string_view name = default_;
  if (const json::value* asked = request.auth.if_contains("profile"); asked != nullptr && !asked->is_null()) {
    if (!asked->is_string())
      return Error{ErrorCode::invalid_payload, "profile: must be a string", {{"path", "profile"}}};
    name = asked->get_string();
  }
  if (name.empty()) return nullptr;
  if (const auto found = profiles_.find(name); found != profiles_.end()) return &found->second;
  json::array supported;
  for (const auto& [known, profile] : profiles_) supported.emplace_back(known);
  return Error{ErrorCode::unsupported, "there is no such profile", {{"supported", std::move(supported)}}};
}

}  // namespace sluice
