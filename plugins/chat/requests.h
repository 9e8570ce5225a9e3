#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "message.h"
#include "options.h"
#include "sluice/json.h"

/// What clients ask for: the data of each event.
namespace sluice::chat {

/// Ids are ours (at most 43 characters); a longer text cannot name anything.
using Id = Text<128>;

struct SendMessage {
  static constexpr std::array<std::string_view, 1> kMayBeMissing{"message"};
  Text<kMaxTextBytes> message;
  std::optional<MessageType> type;
  std::optional<Id> to;  ///< `all`, `host`, or a participant's id
  std::optional<Id> reply_to;
  std::optional<Id> file_id;
  std::optional<std::vector<Text<1'024>>> options;  ///< of a poll, whose question is the message
};
BOOST_DESCRIBE_STRUCT(SendMessage, (), (message, type, to, reply_to, file_id, options))

struct EditMessage {
  Id message_id;
  Text<kMaxTextBytes> message;
};
BOOST_DESCRIBE_STRUCT(EditMessage, (), (message_id, message))

struct MessageName {
  Id message_id;
};
BOOST_DESCRIBE_STRUCT(MessageName, (), (message_id))

struct React {
  Id message_id;
  Text<64> emoji;
  std::optional<bool> remove;
};
BOOST_DESCRIBE_STRUCT(React, (), (message_id, emoji, remove))

struct Vote {
  Id message_id;
  std::uint8_t option = 0;  ///< its place in the poll's options, from 0
};
BOOST_DESCRIBE_STRUCT(Vote, (), (message_id, option))

struct SetTyping {
  bool typing = false;
  std::optional<Id> to;
};
BOOST_DESCRIBE_STRUCT(SetTyping, (), (typing, to))

struct ReadHistory {
  std::optional<std::int64_t> before;  ///< the number of a message; missing: from the newest
  std::optional<std::uint32_t> limit;
};
BOOST_DESCRIBE_STRUCT(ReadHistory, (), (before, limit))

enum class TranscriptFormat : std::uint8_t { json, text };
BOOST_DESCRIBE_ENUM(TranscriptFormat, json, text)

struct Export {
  std::optional<TranscriptFormat> format;
};
BOOST_DESCRIBE_STRUCT(Export, (), (format))

struct Upload {
  Text<1'024> name;
  std::int64_t size = 0;  ///< bytes
  Text<128> type;
};
BOOST_DESCRIBE_STRUCT(Upload, (), (name, size, type))

struct FileName {
  Id file_id;
};
BOOST_DESCRIBE_STRUCT(FileName, (), (file_id))

}  // namespace sluice::chat
