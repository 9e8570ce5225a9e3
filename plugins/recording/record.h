#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "production.h"
#include "settings.h"
#include "sluice/json.h"
#include "sluice/time.h"

namespace sluice::recording {

using UnixMs = std::int64_t;

[[nodiscard]] inline UnixMs unix_ms(WallTime time) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

/// A recording's way. Only ever forward, but for `producing`, which is `captured` again where it did not succeed.
enum class State : std::uint8_t { capturing, paused, captured, producing, ready, failed, deleted };
BOOST_DESCRIBE_ENUM(State, capturing, paused, captured, producing, ready, failed, deleted)

/// A file of a product, in the storage.
struct KeptFile {
  std::string name;
  std::string kind;  ///< as ProductFile::kind
  std::string content_type;
  std::int64_t bytes = 0;
  std::string key;  ///< of the storage
};
BOOST_DESCRIBE_STRUCT(KeptFile, (), (name, kind, content_type, bytes, key))

/// What the store has of one recording; a value.
struct Record {
  std::string id;
  std::string tenant;
  std::string meeting_id;  ///< empty: of no meeting
  std::string room_id;
  std::string started_by;       ///< user id; empty: by the gateway itself
  std::string started_by_name;  ///< as the room knew it
  State state = State::capturing;
  Settings settings;
  ProductionReport report;      ///< of what is ready; its files are `files`
  std::vector<KeptFile> files;  ///< of what is ready
  UnixMs started_at = 0;
  UnixMs ended_at = 0;         ///< 0: not yet
  UnixMs retention_until = 0;  ///< 0: for ever, or not known yet
  std::string error;           ///< of what has failed: for operators
  int attempts = 0;            ///< to make the product
};

/// When one that is done with `now` is to be deleted; 0: never.
[[nodiscard]] inline UnixMs retention_end(const Record& record, UnixMs now) noexcept {
  constexpr UnixMs kDayMs = 86'400'000;
  return record.settings.retention_days == 0 ? 0 : now + record.settings.retention_days * kDayMs;
}

/// Somebody who was there while it was recorded.
struct Person {
  std::string user_id;
  bool moderator = false;
};

}  // namespace sluice::recording
