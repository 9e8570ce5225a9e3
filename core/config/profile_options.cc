#include "core/config/profile_options.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "core/signalling/event_name.h"

namespace sluice::config {
namespace {

using Problem = std::optional<std::string>;

constexpr std::size_t kMaxFieldBytes = 128;
constexpr std::size_t kMaxFieldKeys = 8;
constexpr std::size_t kMaxFields = 64;
constexpr std::size_t kMaxAliases = 256;
constexpr std::size_t kMaxOlderEvents = 4;
constexpr std::size_t kMaxFlags = 8;

/// A field's name, or the names that lead to it with dots between them.
bool is_field(std::string_view name) {
  return !name.empty() && name.size() <= kMaxFieldBytes && name.front() != '.' && name.back() != '.' &&
         name.find("..") == std::string_view::npos &&
         static_cast<std::size_t>(std::ranges::count(name, '.')) < kMaxFieldKeys;
}

Problem field_problem(const std::string& name) {
  if (is_field(name)) return std::nullopt;
  return "must hold names of fields, such as roomId or participant.name";
}

Problem event_problem(const std::string& name) {
  if (name.empty() || is_event_name(name)) return std::nullopt;
  return "must be the name of an event, of " + std::to_string(kMaxEventNameBytes) +
         " bytes at most and none that Socket.IO keeps for itself";
}

auto event_name() { return check("an event's name", event_problem); }

auto field_or_none() {
  return check("a field's name",
               [](const std::string& name) { return name.empty() ? std::nullopt : field_problem(name); });
}

auto plain_field() {
  return check("a field's name", [](const std::string& name) -> Problem {
    if (name.empty() || (is_field(name) && name.find('.') == std::string::npos)) return std::nullopt;
    return "must be the name of a field, without dots";
  });
}

Problem pairs_problem(const FieldPairs& pairs) {
  for (const auto& [older, canonical] : pairs) {
    if (auto problem = field_problem(older)) return problem;
    if (auto problem = field_problem(canonical)) return problem;
  }
  return std::nullopt;
}

auto field_pairs() { return check("older name: canonical name", pairs_problem); }

auto lists_of_pairs() {
  return check("list: {older name: canonical name}", [](const std::map<std::string, FieldPairs>& lists) -> Problem {
    for (const auto& [list, pairs] : lists) {
      if (auto problem = field_problem(list)) return problem;
      if (auto problem = pairs_problem(pairs)) return problem;
    }
    return std::nullopt;
  });
}

template <class Options>
Problem values_have_fields(const Options& options) {
  for (const auto& [field, values] : options.values) {
    if (!options.fields.contains(field))
      return "names '" + field.substr(0, 64) + "', which is no older name under fields";
  }
  return std::nullopt;
}

Problem alias_means_something(const AliasOptions& alias) {
  if (!alias.event.empty() || alias.remember) return std::nullopt;
  return "is required, unless the alias only has something to remember";
}

Problem result_is_there(const AliasOptions& alias) {
  if (alias.result_unless.empty() || !alias.result.empty()) return std::nullopt;
  return "is of no use without result";
}

Problem each_has_an_event(const AliasOptions& alias) {
  if (alias.each.empty() || !alias.event.empty()) return std::nullopt;
  return "is of no use without event";
}

// One look-up is all there is, so a chain would end in the middle.
Problem aliases_end(const ProfileOptions& profile) {
  for (const auto& [name, alias] : profile.incoming) {
    if (!is_event_name(name)) return "must hold names of events";
    const auto next = profile.incoming.find(alias.event);
    if (alias.event == name || next == profile.incoming.end() || next->second.event == next->first) continue;
    return "leads from alias to alias: '" + name + "' is '" + alias.event + "', which is an alias itself";
  }
  return std::nullopt;
}

Problem older_events_differ(const ProfileOptions& profile) {
  for (const auto& [name, events] : profile.outgoing) {
    if (!is_event_name(name)) return "must hold names of events";
    if (events.empty() || events.size() > kMaxOlderEvents) {
      return "must hold 1 to " + std::to_string(kMaxOlderEvents) + " older events for '" + name + "'";
    }
    std::set<std::pair<std::string, std::string>> seen;
    for (const OlderEventOptions& event : events) {
      if (!seen.emplace(event.event, event.for_each).second) {
        return "holds '" + event.event + "' twice for '" + name + "'";
      }
    }
  }
  return std::nullopt;
}

constexpr const char* kFieldsDoc =
    "Older name of a field: its canonical name. A name may lead into nested objects by dots.";
constexpr const char* kValuesDoc =
    "Older name of a field: {older value: canonical value}; true and false are booleans.";
constexpr const char* kListsDoc = "Canonical name of a list: the fields of each object in it.";

}  // namespace

Schema<FieldNameOptions> FieldNameOptions::schema() {
  using Options = FieldNameOptions;
  return Schema<Options>{"Older names of fields."}
      .option("fields", &Options::fields, kFieldsDoc, max_items(kMaxFields), field_pairs())
      .option("values", &Options::values, kValuesDoc, max_items(kMaxFields), sluice::each(max_items(kMaxFields)))
      .option("lists", &Options::lists, kListsDoc, max_items(kMaxFields), sluice::each(max_items(kMaxFields)),
              lists_of_pairs())
      .check("values", values_have_fields<Options>);
}

Schema<FieldDefaultOptions> FieldDefaultOptions::schema() {
  using Options = FieldDefaultOptions;
  return Schema<Options>{"Fields for an event that lacks them."}
      .option("when", &Options::when, "Only for data that holds all of these.", max_items(kMaxFields))
      .option("data", &Options::data, "The fields, by canonical name.", not_empty(), max_items(kMaxFields))
      .required();
}

Schema<AnnouncementOptions> AnnouncementOptions::schema() {
  using Options = AnnouncementOptions;
  return Schema<Options>{"Fields for a later event of the same client."}
      .option("event", &Options::event, "Canonical name of the later event.", not_empty(), event_name())
      .required()
      .option("when", &Options::when, "The next one whose data holds all of these.", max_items(kMaxFields))
      .option("data", &Options::data, "What it gets, unless it says so itself.", not_empty(), max_items(kMaxFields))
      .required();
}

Schema<FlagOptions> FlagOptions::schema() {
  return Schema<FlagOptions>{"A field that stands for an event."}
      .option("as", &FlagOptions::as, "Canonical name of the field.", not_empty(), plain_field())
      .required()
      .option("data", &FlagOptions::data, "What goes with it.", max_items(kMaxFields));
}

Schema<AliasOptions> AliasOptions::schema() {
  using Options = AliasOptions;
  return Schema<Options>{"What a client's event means."}
      .option("event", &Options::event, "Its canonical name.", event_name())
      .option("fields", &Options::fields, kFieldsDoc, max_items(kMaxFields), field_pairs())
      .option("values", &Options::values, kValuesDoc, max_items(kMaxFields), sluice::each(max_items(kMaxFields)))
      .option("defaults", &Options::defaults, "What is filled in where it is missing, in this order.",
              max_items(kMaxFields))
      .option("remember", &Options::remember, "What is filled in a later event.")
      .option(
          "each", &Options::each,
          "By the name that a field has after 'fields': where one of these is there, each becomes an event of its own.",
          max_items(kMaxFlags))
      .option("answer", &Options::answer, "Older names in the answer.")
      .option("echo", &Options::echo, "Fields of the event that are repeated in the answer.", max_items(kMaxFields))
      .option("result", &Options::result, "The answer is also sent as this event.", event_name())
      .option("result_unless", &Options::result_unless, "Not where this field of the answer is true.", plain_field())
      .option("context", &Options::context,
              "A field of the event that, once it succeeded, stands in all that the client is sent.", plain_field())
      .check("values", values_have_fields<Options>)
      .check("event", alias_means_something)
      .check("each", each_has_an_event)
      .check("result_unless", result_is_there);
}

Schema<OlderEventOptions> OlderEventOptions::schema() {
  using Options = OlderEventOptions;
  return Schema<Options>{"An older event that stands for a canonical one."}
      .option("event", &Options::event, "Its older name.", not_empty(), event_name())
      .required()
      .option("fields", &Options::fields, kFieldsDoc, max_items(kMaxFields), field_pairs())
      .option("values", &Options::values, kValuesDoc, max_items(kMaxFields), sluice::each(max_items(kMaxFields)))
      .option("lists", &Options::lists, kListsDoc, max_items(kMaxFields), sluice::each(max_items(kMaxFields)),
              lists_of_pairs())
      .option("for_each", &Options::for_each, "One event for each object in this list, whose fields are meant.",
              field_or_none())
      .check("values", values_have_fields<Options>);
}

Schema<ProfileOptions> ProfileOptions::schema() {
  using Options = ProfileOptions;
  return Schema<Options>{"Older names of events."}
      .option("incoming", &Options::incoming, "By the name that a client sends: what it means.", max_items(kMaxAliases))
      .option("outgoing", &Options::outgoing,
              "By canonical name: the events that a client gets instead. What is not here keeps its name.",
              max_items(kMaxAliases))
      .check("incoming", aliases_end)
      .check("outgoing", older_events_differ);
}

}  // namespace sluice::config
