#include "permissions.h"

#include <algorithm>
#include <boost/mp11/algorithm.hpp>

#include "refusal.h"

namespace sluice::videoroom {

namespace {

/// Sending into the room, which a viewer never does.
constexpr bool is_publishing(Permission permission) noexcept {
  return permission == Permission::publish_audio || permission == Permission::publish_video ||
         permission == Permission::share_screen;
}

std::optional<std::string> sender_problem(Role role) {
  if (role != Role::viewer) return std::nullopt;
  return "must be attendee or above: a viewer receives only";
}

template <class F>
void for_each_permission(F f) {
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Permission>>(
      [&](auto enumerator) { f(enumerator.value, std::string_view{enumerator.name}); });
}

}  // namespace

Schema<LeastRoles> LeastRoles::schema() {
  const auto sender = [] { return check("attendee or above", sender_problem); };
  return Schema<LeastRoles>{
      "The least role that may do a thing; from the top: host, co_host, presenter, attendee, viewer. Null: nobody."}
      .option("publish_audio", &LeastRoles::publish_audio, "Send audio.", sender())
      .option("publish_video", &LeastRoles::publish_video, "Send video.", sender())
      .option("share_screen", &LeastRoles::share_screen, "Send a screen.", sender())
      .option("chat", &LeastRoles::chat, "Send chat messages.")
      .option("chat_private", &LeastRoles::chat_private, "Send chat messages to one participant.")
      .option("chat_announce", &LeastRoles::chat_announce, "Send announcements.")
      .option("chat_moderate", &LeastRoles::chat_moderate, "Edit and delete what others wrote, and export it.")
      .option("upload_files", &LeastRoles::upload_files, "Put files into the chat.")
      .option("raise_hand", &LeastRoles::raise_hand, "Raise a hand.")
      .option("react", &LeastRoles::react, "Send reactions.")
      .option("mute_others", &LeastRoles::mute_others, "Mute others, ask them to unmute, lower their hands.")
      .option("remove_participant", &LeastRoles::remove_participant, "Take others out of the room, and ban them.")
      .option("add_participant", &LeastRoles::add_participant, "Let somebody in who then need not wait.")
      .option("admit", &LeastRoles::admit, "Decide on who waits to come in.")
      .option("change_role", &LeastRoles::change_role, "Give others another role.")
      .option("spotlight", &LeastRoles::spotlight, "Show one participant to everybody first.")
      .option("set_layout", &LeastRoles::set_layout, "Choose the layout that all see.")
      .option("record", &LeastRoles::record, "Start and stop recordings.")
      .option("stream", &LeastRoles::stream, "Start and stop live streams.")
      .option("lock_room", &LeastRoles::lock_room, "Let nobody new in, and somebody again.")
      .option("close_room", &LeastRoles::close_room, "End the room for everybody.");
}

LeastRole LeastRoles::of(Permission permission) const noexcept {
  switch (permission) {
    // clang-format off
    case Permission::publish_audio: return publish_audio;
    case Permission::publish_video: return publish_video;
    case Permission::share_screen: return share_screen;
    case Permission::chat: return chat;
    case Permission::chat_private: return chat_private;
    case Permission::chat_announce: return chat_announce;
    case Permission::chat_moderate: return chat_moderate;
    case Permission::upload_files: return upload_files;
    case Permission::raise_hand: return raise_hand;
    case Permission::react: return react;
    case Permission::mute_others: return mute_others;
    case Permission::remove_participant: return remove_participant;
    case Permission::add_participant: return add_participant;
    case Permission::admit: return admit;
    case Permission::change_role: return change_role;
    case Permission::spotlight: return spotlight;
    case Permission::set_layout: return set_layout;
    case Permission::record: return record;
    case Permission::stream: return stream;
    case Permission::lock_room: return lock_room;
    case Permission::close_room: return close_room;
      // clang-format on
  }
  return std::nullopt;
}

LeastRole Permissions::least(Permission permission) const noexcept {
  const auto of_room = policy_.least_role.find(permission);
  LeastRole least = of_room == policy_.least_role.end() ? configured_.of(permission) : of_room->second;
  if (is_publishing(permission) && least == Role::viewer) least = Role::attendee;
  return least;
}

bool Permissions::may(Role role, Permission permission) const noexcept {
  const LeastRole required = least(permission);
  return required && role <= *required;  // the enumeration starts at the top
}

void Permissions::demand(Role role, Permission permission) const {
  const LeastRole required = least(permission);
  if (required) return demand_role(role, *required);
  const json::value feature = to_json(permission);
  throw Error{ErrorCode::permission_denied,
              "switched off in this room: " + std::string{feature.as_string()},
              {{"feature", feature}}};
}

PermissionBits Permissions::bits(Role role) const noexcept {
  PermissionBits out;
  for_each_permission([&](Permission permission, std::string_view) {
    out.set(static_cast<std::size_t>(permission), may(role, permission));
  });
  return out;
}

json::object Permissions::features(Role role) const {
  json::object out;
  for_each_permission(
      [&](Permission permission, std::string_view name) { out[json_name(name)] = may(role, permission); });
  out["publish"] = may(role, Permission::publish_audio) || may(role, Permission::publish_video) ||
                   may(role, Permission::share_screen);
  out["moderate"] = may(role, Permission::remove_participant);
  return out;
}

}  // namespace sluice::videoroom
