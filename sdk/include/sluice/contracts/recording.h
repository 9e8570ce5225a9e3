#pragma once

#include <string>
#include <string_view>

#include "sluice/contracts/rooms.h"
#include "sluice/json.h"

/// What others learn of recordings.
/// @note Control thread only.
namespace sluice {

// Events on the bus. References are valid during the call.

/// A room is being recorded from now on (also after a pause).
struct RecordingStarted {
  static constexpr std::string_view kTopic = "sluice.recording/1:started";
  Room& room;
  std::string_view recording_id;
};
/// It is not any more: ended or paused.
struct RecordingStopped {
  static constexpr std::string_view kTopic = "sluice.recording/1:stopped";
  std::string_view tenant;
  std::string_view room_id;
  std::string_view recording_id;
};
/// The product can be watched.
struct RecordingReady {
  static constexpr std::string_view kTopic = "sluice.recording/1:ready";
  std::string_view tenant;
  std::string_view room_id;
  std::string_view recording_id;
  const json::object& description;  ///< as `GET /api/recordings/{id}` has it
};

}  // namespace sluice
