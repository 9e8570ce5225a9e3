#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/config.h"

namespace sluice::chat {

/// Longest text of one message on the wire, whatever the options say.
inline constexpr std::size_t kMaxTextBytes = 32'768;

/// What a message belongs to, where its room is no meeting. Those of a meeting always belong to the meeting.
enum class History : std::uint8_t {
  session,  ///< to the room from its beginning to its end: a later room of the same id knows nothing of it
  room      ///< to the room's id
};
BOOST_DESCRIBE_ENUM(History, session, room)

struct FileOptions {
  std::string storage_dir;  ///< empty: nobody uploads
  std::int64_t max_bytes = 10'000'000;
  std::int64_t room_bytes = 1'000'000'000;
  std::int64_t user_bytes = 200'000'000;
  std::vector<std::string> types{"image/png",  "image/jpeg", "image/gif",       "image/webp",      "audio/mpeg",
                                 "audio/ogg",  "video/mp4",  "video/webm",      "application/pdf", "application/zip",
                                 "text/plain", "text/csv",   "application/json"};

  static Schema<FileOptions> schema();
};

struct Options {
  History history = History::session;
  int max_characters = 4'000;
  int messages_per_10s = 10;
  int burst = 10;
  int max_in_flight = 16;
  int history_page = 100;
  int max_missed = 200;
  std::vector<std::string> reactions;
  int reactions_per_message = 20;
  int max_typing = 10;
  int export_messages = 50'000;
  int retention_days = 0;
  FileOptions files;

  static Schema<Options> schema();
};

}  // namespace sluice::chat
