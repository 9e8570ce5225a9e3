#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/client.h"
#include "sluice/function.h"
#include "sluice/json.h"
#include "sluice/time.h"

/// The contract of the plugin that keeps rooms (the videoroom), for every plugin that adds something to a room.
/// @note Control thread only.
namespace sluice {

/// What a participant may do is decided by its role; the table of permissions is configuration.
enum class Role : std::uint8_t { host, co_host, presenter, attendee, viewer };
BOOST_DESCRIBE_ENUM(Role, host, co_host, presenter, attendee, viewer)

/// Host and co-host moderate.
[[nodiscard]] constexpr bool is_moderator(Role role) noexcept { return role == Role::host || role == Role::co_host; }

/// What a role may or may not do in a room. Which role may is configuration (`least_role` of the plugin that keeps the
/// rooms), and a room may be stricter or switch a thing off (RoomPolicy).
enum class Permission : std::uint8_t {
  publish_audio,
  publish_video,
  share_screen,
  chat,           ///< send messages
  chat_private,   ///< to one participant
  chat_announce,  ///< announcements
  chat_moderate,  ///< edit and delete what others said, export
  upload_files,
  raise_hand,
  react,
  mute_others,         ///< mute, ask to unmute, lower hands
  remove_participant,  ///< remove, ban
  add_participant,     ///< let somebody in without asking
  admit,               ///< decide on who waits
  change_role,
  spotlight,
  set_layout,  ///< for the whole room
  record,
  stream,
  lock_room,
  close_room
};
BOOST_DESCRIBE_ENUM(Permission, publish_audio, publish_video, share_screen, chat, chat_private, chat_announce,
                    chat_moderate, upload_files, raise_hand, react, mute_others, remove_participant, add_participant,
                    admit, change_role, spotlight, set_layout, record, stream, lock_room, close_room)

/// The least role that may; empty: nobody, the feature is switched off.
using LeastRole = std::optional<Role>;

/// What holds in one room beyond the configuration of all of them.
struct RoomPolicy {
  bool locked = false;                 ///< nobody new comes in but moderators and who is expected
  std::optional<bool> waiting_room{};  ///< whether who joins waits to be admitted; missing: as configured there
  bool require_host_approval = false;  ///< the same, and only a host or co-host may say yes
  std::map<Permission, LeastRole> least_role{};  ///< instead of the configured ones
};

/// Somebody who enters without waiting or asking, and as what.
struct ExpectedUser {
  std::string user_id;  ///< or
  std::string email;    ///< compared without regard to case; where `user_id` is empty
  Role role;
};

class Room;

/// A client in a room. The reference is valid until ParticipantLeft has been published for it.
///
/// Its connection may break and come back: it is `away` meanwhile, keeps its id, role, attributes and producers, and
/// nothing that is sent to it arrives (a plugin whose events must not be missed sends them again on
/// ParticipantReturned). It leaves when the grace period is over.
class Participant {
 public:
  virtual ~Participant() = default;
  /// Public, unguessable, unique in the process.
  [[nodiscard]] virtual const std::string& id() const noexcept = 0;
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  [[nodiscard]] virtual const Identity& identity() const noexcept = 0;
  [[nodiscard]] virtual Role role() const noexcept = 0;
  [[nodiscard]] virtual Room& room() noexcept = 0;
  /// nullptr while it is away.
  [[nodiscard]] virtual Client* client() noexcept = 0;
  [[nodiscard]] bool away() noexcept { return client() == nullptr; }
  [[nodiscard]] virtual WallTime joined_at() const noexcept = 0;

  [[nodiscard]] virtual bool may(Permission permission) const noexcept = 0;
  /// Throws Error{permission_denied} where it may not, with `{requiredRole, currentRole}`, or `{feature}` where nobody
  /// may.
  virtual void demand(Permission permission) const = 0;

  /// What it sends of a kind is not forwarded until `unmute`, whatever its client does; it gets `mute:remote`.
  virtual void mute(MediaKind kind) = 0;
  /// Its client may send again, when it wants to.
  virtual void unmute(MediaKind kind) = 0;
  [[nodiscard]] virtual bool muted(MediaKind kind) const noexcept = 0;
  /// What it publishes now, not paused and not muted.
  struct Sending {
    bool audio = false;
    bool video = false;
    bool screen = false;
  };
  [[nodiscard]] virtual Sending sending() const noexcept = 0;

  /// What others see of it: `{participantId, name, userId, role, guest, joinedAt, media, muted,
  /// attributes, avatar?, away?}`.
  [[nodiscard]] virtual json::object summary() const = 0;

  virtual void set_role(Role role) = 0;
  /// A named value that others see in `attributes`; they are told by `participant:updated`. Null removes it.
  virtual void set_attribute(std::string_view name, json::value value) = 0;
  /// What plugins have set. What the participant says of itself (`participant:info`) stands in the summary only, where
  /// it never hides one of these.
  [[nodiscard]] virtual const json::object& attributes() const noexcept = 0;

  virtual void send(std::string_view event, json::value data) = 0;
  /// Takes it out of the room: it gets `participant:removed {reason}`, the others `participant:left`.
  virtual void remove(std::string_view reason) = 0;
};

/// A live session. The reference is valid until RoomClosed has been published for it.
class Room {
 public:
  virtual ~Room() = default;
  [[nodiscard]] virtual const std::string& id() const noexcept = 0;
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  /// Whose users meet here (`Identity::tenant`). Two tenants may each have a room of the same id.
  [[nodiscard]] virtual const std::string& tenant() const noexcept = 0;
  [[nodiscard]] virtual std::size_t size() const noexcept = 0;
  [[nodiscard]] virtual std::vector<Participant*> participants() = 0;
  /// nullptr if there is none of that id.
  [[nodiscard]] virtual Participant* find(std::string_view participant_id) noexcept = 0;

  [[nodiscard]] virtual const RoomPolicy& policy() const noexcept = 0;
  /// All get `room:policy-changed {locked, features}` where something differs.
  virtual void set_policy(RoomPolicy policy) = 0;
  /// At most 10,000; throws Error{limit_exceeded}. The same user again: the new role.
  virtual void expect(ExpectedUser user) = 0;
  virtual void no_longer_expect(const ExpectedUser& user) = 0;
  /// nullptr: nobody said so.
  [[nodiscard]] virtual const ExpectedUser* expected(const Identity& identity) const noexcept = 0;
  /// Nobody of that user id comes in, for the room's life. Throws Error{limit_exceeded}.
  virtual void ban(const std::string& user_id) = 0;

  /// To everybody in the room but `except`; serialised once.
  virtual void broadcast(std::string_view event, json::value data, const Participant* except = nullptr) = 0;
  /// All get `room:closed {reason}` and are out.
  virtual void close(std::string_view reason) = 0;
};

struct RoomOptions {
  std::string id;                       ///< empty: an unguessable one is made
  std::string name;                     ///< empty: the id
  std::string tenant;                   ///< of the users who may enter; empty where there is only one
  std::optional<int> max_participants;  ///< missing: the plugin's configuration
  bool close_when_empty = true;         ///< after the configured time
  std::optional<int> last_n_audio{};    ///< only so many audio streams are forwarded, the loudest; 0: all
  std::optional<int> last_n_video{};    ///< only so many cameras are, those of who spoke last; 0: all
  RoomPolicy policy{};
  /// Who makes it; its owner joins as host.
  std::string owner{};
  /// What the room is for (`{meetingId}`): clients find it in `room:joined`, at most 4,096 bytes as JSON.
  json::object info{};
};

/// The service `sluice.rooms`.
class Rooms {
 public:
  static constexpr std::string_view kService = "sluice.rooms/1";

  virtual ~Rooms() = default;
  /// Throws Error: `room_exists`, `limit_exceeded`, `invalid_payload` (an id with other characters than letters,
  /// digits, `-`, `_`, `.`, or over 64 of them).
  virtual Room& create(const RoomOptions& options) = 0;
  /// nullptr if this tenant has none of that id. The tenant is spelled out, so that nobody forgets it.
  [[nodiscard]] virtual Room* find(std::string_view tenant, std::string_view room_id) noexcept = 0;
  [[nodiscard]] virtual std::vector<Room*> all() = 0;
  /// Throws Error{not_in_room}, which the host turns into the error reply of the event.
  [[nodiscard]] virtual Participant& participant_of(Client& client) = 0;
  /// nullptr if the client has not joined.
  [[nodiscard]] virtual Participant* find_participant(Client& client) noexcept = 0;
};

// Events on the bus. References are valid during the call.

struct RoomCreated {
  static constexpr std::string_view kTopic = "sluice.rooms/1:room-created";
  Room& room;
};
struct RoomClosed {
  static constexpr std::string_view kTopic = "sluice.rooms/1:room-closed";
  Room& room;
  std::string_view reason;
};
/// Room::set_policy was called, or the lock was changed; `Room::policy()` is the new one.
struct RoomPolicyChanged {
  static constexpr std::string_view kTopic = "sluice.rooms/1:room-policy-changed";
  Room& room;
};
struct ParticipantJoined {
  static constexpr std::string_view kTopic = "sluice.rooms/1:participant-joined";
  Participant& participant;
};
struct ParticipantLeft {
  static constexpr std::string_view kTopic = "sluice.rooms/1:participant-left";
  Participant& participant;
  std::string_view reason;
};
/// Its connection is lost; it may come back.
struct ParticipantAway {
  static constexpr std::string_view kTopic = "sluice.rooms/1:participant-away";
  Participant& participant;
};
/// It is back, by another client, whose identity a guest's seat does not take over. Always after a ParticipantAway,
/// also where the old connection was not known to be lost; its client has its answer by then.
struct ParticipantReturned {
  static constexpr std::string_view kTopic = "sluice.rooms/1:participant-returned";
  Participant& participant;
};
/// Somebody need not wait any more (Room::expect): who waits at the door may be let in.
struct UserExpected {
  static constexpr std::string_view kTopic = "sluice.rooms/1:user-expected";
  Room& room;
  const ExpectedUser& user;
};
struct ParticipantUpdated {
  static constexpr std::string_view kTopic = "sluice.rooms/1:participant-updated";
  Participant& participant;
};

}  // namespace sluice
