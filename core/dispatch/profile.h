#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/dispatch/field_map.h"
#include "core/signalling/door.h"
#include "sluice/result.h"

/// Profiles: older names of events and fields, for clients that know no others. Immutable once the gateway runs.
namespace sluice {

/// Fields for an event that lacks them.
struct FieldDefaults {
  json::object when{};  ///< the event's data must hold all of these; empty: always
  json::object data;

  /// Fills in what is missing. False: `when` does not fit, nothing changed.
  bool apply(json::object& event_data) const;
};

/// What an event said that is applied to a later one.
struct Announcement {
  std::string event;  ///< canonical name of the later event; the next one that fits takes it
  FieldDefaults defaults;
};

/// One field of an event that stands for an event of its own.
struct Flag {
  std::string as;       ///< the field's canonical name
  json::object data{};  ///< what goes with it
};

/// What an older client's event means.
struct AliasRules {
  std::string event{};  ///< canonical name; empty: it only announces
  FieldNames request{};
  std::vector<FieldDefaults> defaults{};
  std::optional<Announcement> remember{};
  /// By the name that `request` gives it: where at least one of these is there, each of them becomes an event.
  std::map<std::string, Flag> each{};
  FieldNames answer{};
  std::vector<std::string> echo{};  ///< fields of the request that are repeated in the answer
  std::string result{};             ///< the answer is also sent as this event; empty: it is not
  std::string result_unless{};      ///< not where the answer has this field and it is true
  std::string context{};            ///< a field of the request that is put in all that follows, once it succeeded
};

/// One event by which an older client is told of a canonical one.
struct OlderEventRules {
  std::string event;
  FieldNames data{};
  std::string for_each{};  ///< one event for each object in this list; empty: one for the whole
};

struct ProfileRules {
  std::map<std::string, AliasRules> incoming;                    ///< by the name that a client sends
  std::map<std::string, std::vector<OlderEventRules>> outgoing;  ///< by canonical name
};

class Profile {
 public:
  struct Alias {
    AliasRules rules;
    FieldMap request;
    FieldMap answer;
  };
  struct OlderEvent {
    std::string name;
    FieldMap data;
    FieldPath for_each;
  };

  explicit Profile(ProfileRules rules);

  /// What `event` of a client means; nullptr: just that.
  [[nodiscard]] const Alias* alias(std::string_view event) const;
  /// The events that stand for the canonical one; nullptr: itself.
  [[nodiscard]] const std::vector<OlderEvent>* older_events(std::string_view event) const;
  /// Canonical names that clients' events lead to, sorted.
  [[nodiscard]] std::vector<std::string> targets() const;

 private:
  std::map<std::string, Alias, std::less<>> aliases_;
  std::map<std::string, std::vector<OlderEvent>, std::less<>> older_;
};

/// All profiles, by name.
class ProfileTable {
 public:
  ProfileTable() = default;
  /// @param chosen_by_default  For clients that name none; empty: the canonical names.
  ProfileTable(std::map<std::string, ProfileRules> profiles, std::string chosen_by_default);

  /// The profile of a client at the door: `profile` of what it shows, else the default; an empty name is none, and a
  /// plugin's client has none. nullptr: the canonical names.
  /// @return INVALID_PAYLOAD {path}: the name is no text. UNSUPPORTED {supported}: there is no such profile.
  [[nodiscard]] Result<const Profile*, Error> choose(const ConnectRequest& request) const;
  [[nodiscard]] const std::map<std::string, Profile, std::less<>>& profiles() const noexcept { return profiles_; }

 private:
  std::map<std::string, Profile, std::less<>> profiles_;
  std::string default_;
};

}  // namespace sluice
