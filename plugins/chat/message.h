#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/contracts/rooms.h"
#include "sluice/json.h"

namespace sluice::chat {

enum class MessageType : std::uint8_t { text, file, poll, announcement };
BOOST_DESCRIBE_ENUM(MessageType, text, file, poll, announcement)

/// To whom: everybody, those who moderate, or one user.
enum class Scope : std::uint8_t { all, host, one };
BOOST_DESCRIBE_ENUM(Scope, all, host, one)

struct Audience {
  Scope scope = Scope::all;
  std::string participant_id = {};  ///< of one: as whom it was in the room then
  std::string user_id = {};

  /// As the protocol has it: `all`, `host`, or the participant's id.
  [[nodiscard]] std::string_view name() const noexcept;
  /// Whether `participant` gets what `sender_user` says to this audience. Who sends gets it, too, at all its devices.
  [[nodiscard]] bool includes(const Participant& participant, std::string_view sender_user) const noexcept;
};

/// Who said it, as it was then.
struct Sender {
  std::string participant_id = {};
  std::string user_id = {};
  std::string name = {};
  std::string role = {};
};

struct SharedFile {
  std::string id = {};
  std::string name = {};
  std::string type = {};
  std::int64_t bytes = 0;
};

/// How often one emoji stands below a message, and whether the reader's own is among them.
struct Reaction {
  std::string emoji = {};
  std::int64_t count = 0;
  bool mine = false;
};

struct Poll {
  std::vector<std::string> options = {};
  std::vector<std::int64_t> votes = {};  ///< by option
  std::optional<std::int64_t> mine = {};
};

/// Milliseconds since 1970.
using UnixMs = std::int64_t;

struct Message {
  std::string id = {};
  std::int64_t number = 0;  ///< grows by one with each message of a conversation, from 1
  Sender sender = {};
  Audience audience = {};
  MessageType type = MessageType::text;
  std::string text = {};  ///< empty where it was deleted
  UnixMs sent_at = 0;
  std::optional<UnixMs> edited_at = {};
  std::optional<UnixMs> deleted_at = {};
  std::optional<std::string> reply_to = {};
  std::optional<SharedFile> file = {};
  std::optional<Poll> poll = {};
  std::vector<Reaction> reactions = {};
};

[[nodiscard]] UnixMs unix_ms(WallTime time) noexcept;

/// As clients are told: `{messageId, number, participantId, ...}`.
[[nodiscard]] json::object to_event(const Message& message);
/// As the REST API has it: `{id, participant_id, participant_name, message, timestamp, ...}`.
[[nodiscard]] json::object to_record(const Message& message);
[[nodiscard]] json::object to_event(const Poll& poll);

}  // namespace sluice::chat
