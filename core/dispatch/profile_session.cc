#include "core/dispatch/profile_session.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

namespace sluice {

namespace {

std::vector<ProfileSession::Call> calls_of(const AliasRules& rules, json::object data) {
  std::vector<ProfileSession::Call> calls;
  for (const auto& [field, flag] : rules.each) {
    const json::value* value = data.if_contains(field);
    if (value == nullptr || value->is_null()) continue;
    json::object one(flag.data);
    one[flag.as] = *value;
    calls.push_back({.event = rules.event, .data = std::move(one)});
  }
  if (calls.empty() && !rules.event.empty()) calls.push_back({.event = rules.event, .data = std::move(data)});
  return calls;
}

std::shared_ptr<const OutboundEvent> older_event(const Profile::OlderEvent& rule, const ProfileContext& context,
                                                 const json::object& data) {
  json::object older = rule.data.apply(data);
  context.add_to(older);
  return std::make_shared<const OutboundEvent>(rule.name, std::move(older));
}

void add_older_events(OutboundEvents& out, const Profile::OlderEvent& rule, const ProfileContext& context,
                      const json::object& data) {
  if (rule.for_each.empty()) return out.push_back(older_event(rule, context, data));
  const json::value* list = find_field(data, rule.for_each);
  if (list == nullptr || !list->is_array()) return;
  for (const json::value& element : list->get_array()) {
    if (out.size() == kMaxEventsOfOne) return;
    if (const json::object* object = element.if_object()) out.push_back(older_event(rule, context, *object));
  }
}

}  // namespace

bool may_echo(const json::value& value) {
  if (const json::string* text = value.if_string()) return text->size() <= kMaxEchoBytes;
  return value.is_number() || value.is_bool();
}

OutboundEvents older_events(const Profile& profile, const ProfileContext& context,
                            const std::shared_ptr<const OutboundEvent>& event) {
  const auto* rules = profile.older_events(event->name());
  const json::object* data = event->data().if_object();
  if (data == nullptr || (rules == nullptr && context.field.empty())) return {event};
  OutboundEvents out;
  if (rules == nullptr) {
    json::object same(*data);
    context.add_to(same);
    out.push_back(std::make_shared<const OutboundEvent>(event->name(), std::move(same)));
    return out;
  }
  for (const Profile::OlderEvent& rule : *rules) add_older_events(out, rule, context, *data);
  return out;
}

std::vector<ProfileSession::Call> ProfileSession::translate(const Profile::Alias* alias, std::string event,
                                                            json::value data) {
  std::vector<Call> calls;
  json::object* object = data.if_object();
  if (alias == nullptr || object == nullptr) {
    // Data that is no object is the plugin's to refuse, under the name that the plugin knows.
    const bool renamed = alias != nullptr && !alias->rules.event.empty();
    calls.push_back({.event = renamed ? alias->rules.event : std::move(event), .data = std::move(data)});
  } else {
    calls = calls_of(alias->rules, alias->request.apply(std::move(*object)));
    if (const auto& remember = alias->rules.remember) {
      if (std::ranges::find(announced_, &*remember) == announced_.end()) announced_.push_back(&*remember);
    }
  }
  for (Call& call : calls) {
    recall(call);
    json::object* fields = call.data.if_object();
    if (alias == nullptr || fields == nullptr) continue;
    for (const FieldDefaults& defaults : alias->rules.defaults) defaults.apply(*fields);
  }
  return calls;
}

// What was announced goes before what is usual.
void ProfileSession::recall(Call& call) {
  json::object* fields = call.data.if_object();
  if (fields == nullptr) return;
  const auto taken = std::ranges::find_if(announced_, [&](const Announcement* announced) {
    return announced->event == call.event && announced->defaults.apply(*fields);
  });
  if (taken != announced_.end()) announced_.erase(taken);
}

}  // namespace sluice
