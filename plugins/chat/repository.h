#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "message.h"
#include "sluice/store.h"

/// Messages in the store. Everything here runs inside a unit of work, on the store's thread; what may not be is an
/// Error that ends the unit.
namespace sluice::chat {

/// Where messages stand.
struct Where {
  std::string tenant = {};
  std::string conversation = {};

  friend bool operator==(const Where&, const Where&) noexcept = default;
};

/// Who reads: decides what is there at all.
struct Viewer {
  Where where = {};
  std::string user_id = {};
  bool moderator = false;
};

/// Stores a message with the next number, which is put into it; gives the conversation's revision.
std::int64_t insert(StoreTransaction& store, const Where& where, const std::string& room_id, Message& message);

/// What the viewer may see under this id; Error{not_found}.
[[nodiscard]] Message find_message(StoreTransaction& store, const Viewer& viewer, const std::string& message_id);

/// Stamps a change of a message that stands there; gives the conversation's new revision.
std::int64_t touch(StoreTransaction& store, const Where& where, const std::string& message_id);

/// Some messages, and whether there are more of their kind.
struct Page {
  std::vector<Message> messages = {};
  bool has_more = false;
};

/// The newest `limit` messages below `before`, newest first.
[[nodiscard]] Page page_before(StoreTransaction& store, const Viewer& viewer, std::optional<std::int64_t> before,
                               std::size_t limit);

/// What has changed since `revision`: the newest `limit` changes, oldest message first.
[[nodiscard]] Page changed_since(StoreTransaction& store, const Viewer& viewer, std::int64_t revision,
                                 std::size_t limit);

/// How many messages the viewer may see, without those that were deleted.
[[nodiscard]] std::int64_t count_messages(StoreTransaction& store, const Viewer& viewer);

/// How many were ever sent.
[[nodiscard]] std::int64_t count_sent(StoreTransaction& store, const Where& where);

/// `?, ?, ?`
[[nodiscard]] std::string placeholders(std::size_t count);

/// The poll's options with their votes.
[[nodiscard]] Poll read_poll(StoreTransaction& store, const std::string& message_id, const std::string& choices,
                             const std::string& viewer_user);

}  // namespace sluice::chat
