#include "options.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "message_text.h"

namespace sluice::chat {

namespace {

constexpr int kMostReactions = 200;
constexpr std::int64_t kMostFileBytes = 1LL << 30;
constexpr std::int64_t kMostStoredBytes = 1LL << 50;

// What a browser runs. Files are served as attachments that nobody may guess the type of, and still.
constexpr std::array<std::string_view, 7> kScripts{
    "text/html",       "application/xhtml+xml", "image/svg+xml",         "text/xml",
    "application/xml", "text/javascript",       "application/javascript"};

std::optional<std::string> type_problem(const std::string& type) {
  const auto slash = type.find('/');
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view{"/.+-_"}.find(c) != std::string::npos;
  };
  if (slash == std::string::npos || type.find('/', slash + 1) != std::string::npos ||
      !std::ranges::all_of(type, allowed)) {
    return "must be a media type in lower case, such as image/png";
  }
  if (std::ranges::count(kScripts, type) != 0) return "must be nothing that a browser runs";
  return std::nullopt;
}

std::optional<std::string> types_problem(const std::vector<std::string>& types) {
  for (const std::string& type : types) {
    if (const auto problem = type_problem(type)) return problem;
  }
  return std::nullopt;
}

std::optional<std::string> reactions_problem(const std::vector<std::string>& reactions) {
  if (std::ranges::all_of(reactions, is_emoji)) return std::nullopt;
  return "must be emoji";
}

}  // namespace

Schema<FileOptions> FileOptions::schema() {
  return Schema<FileOptions>{"Files that are sent by chat. A listener's `body_bytes` bounds them, too."}
      .option("storage_dir", &FileOptions::storage_dir, "Where they are kept; empty: nobody uploads.",
              sluice::max_bytes(4'096))
      .option("max_bytes", &FileOptions::max_bytes, "Longest file.", range(1, kMostFileBytes))
      .reloadable()
      .option("room_bytes", &FileOptions::room_bytes, "All files of one room or meeting.", range(1, kMostStoredBytes))
      .reloadable()
      .option("user_bytes", &FileOptions::user_bytes, "All files of one user.", range(1, kMostStoredBytes))
      .reloadable()
      .option("types", &FileOptions::types, "Media types that may be sent.", max_items(200),
              check("media types", types_problem))
      .reloadable();
}

Schema<Options> Options::schema() {
  return Schema<Options>{"Messages between the people of a room."}
      .option("history", &Options::history,
              "What messages belong to where the room is no meeting: `session`, from the room's beginning to its end; "
              "`room`, its id.")
      .option("max_characters", &Options::max_characters, "Longest message.", range(1, 8'000))
      .reloadable()
      .option("messages_per_10s", &Options::messages_per_10s, "What one participant may send in the long run.",
              range(1, 10'000))
      .reloadable()
      .option("burst", &Options::burst, "What one participant may send at once.", range(1, 10'000))
      .reloadable()
      .option("max_in_flight", &Options::max_in_flight, "What one participant may have waiting for the store.",
              range(1, 1'000))
      .reloadable()
      .option("history_page", &Options::history_page, "Most messages of one page of the history.", range(1, 500))
      .reloadable()
      .option("max_missed", &Options::max_missed,
              "Most messages that who comes back after a lost connection is sent; the others stand in the history.",
              range(1, 500))
      .reloadable()
      .option("reactions", &Options::reactions, "Emoji that messages may be reacted to with; empty: every one.",
              max_items(kMostReactions), check("emoji", reactions_problem))
      .reloadable()
      .option("reactions_per_message", &Options::reactions_per_message, "Most different emoji on one message.",
              range(1, kMostReactions))
      .reloadable()
      .option("max_typing", &Options::max_typing, "Most participants of a room that are shown as typing.",
              range(0, 1'000))
      .reloadable()
      .option("export_messages", &Options::export_messages, "Most messages of one transcript, the newest.",
              range(1, 1'000'000))
      .reloadable()
      .option("retention_days", &Options::retention_days, "Messages and files are deleted after that; 0: never.",
              range(0, 36'500))
      .reloadable()
      .option("files", &Options::files, "Files.");
}

}  // namespace sluice::chat
