#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/dispatch/profile.h"
#include "core/signalling/outbound_event.h"

namespace sluice {

/// A field that stands in all that one client is sent: the meeting that it is in, where a profile's clients expect to
/// be told that each time. No field: none.
struct ProfileContext {
  std::string field;
  json::value value;

  [[nodiscard]] bool operator==(const ProfileContext&) const = default;
  void add_to(json::object& data) const {
    if (!field.empty()) data.emplace(field, value);
  }
};

/// More are cut off a list that is told one by one.
inline constexpr std::size_t kMaxEventsOfOne = 256;

/// A text that a client has its answers repeat, and its context, is at most this long; a longer one is not repeated.
inline constexpr std::size_t kMaxEchoBytes = 256;

/// A value that may be repeated to the client that sent it: a number, a boolean, a short text.
[[nodiscard]] bool may_echo(const json::value& value);

using OutboundEvents = std::vector<std::shared_ptr<const OutboundEvent>>;

/// The events by which clients of `profile` are told of `event`: that one itself where nothing about it is older.
[[nodiscard]] OutboundEvents older_events(const Profile& profile, const ProfileContext& context,
                                          const std::shared_ptr<const OutboundEvent>& event);

/// One client and its profile.
/// @note Control thread only. The profile outlives it.
class ProfileSession {
 public:
  struct Call {
    std::string event;
    json::value data;
  };

  explicit ProfileSession(const Profile& profile) noexcept : profile_{profile} {}

  [[nodiscard]] const Profile& profile() const noexcept { return profile_; }
  [[nodiscard]] const ProfileContext& context() const noexcept { return context_; }
  void set_context(ProfileContext context) { context_ = std::move(context); }

  /// What the client means by an event: one canonical event, several (AliasRules::each), or none, where it only
  /// announces something.
  /// @param alias  Of `event` in the profile, or nullptr.
  [[nodiscard]] std::vector<Call> translate(const Profile::Alias* alias, std::string event, json::value data);

 private:
  void recall(Call& call);

  const Profile& profile_;
  ProfileContext context_;
  // What was announced and not taken yet, the oldest first; each rule at most once.
  std::vector<const Announcement*> announced_;
};

}  // namespace sluice
