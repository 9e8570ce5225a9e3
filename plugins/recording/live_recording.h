#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "capture.h"
#include "consents.h"
#include "record.h"
#include "sluice/contracts/room_actor.h"
#include "sluice/contracts/rooms.h"
#include "sluice/identity.h"
#include "sluice/timers.h"

namespace sluice::recording {

/// Who has a recording begun, paused or ended.
using Starter = RoomActor;

/// One recording from its start to the closing of its files.
struct LiveRecording {
  enum class Phase : std::uint8_t {
    starting,   ///< its row is being written
    capturing,  ///< or paused: Record::state
    ending      ///< its files are being closed
  };

  Record record;
  Room* room = nullptr;  ///< nullptr: it has closed
  Starter starter{};
  bool asks_consent = false;
  Phase phase = Phase::starting;
  std::unique_ptr<Capture> capture{};
  Consents consents{};
  std::set<std::string> people{};  ///< user ids that the store has, or is about to
  std::string paused_by{};         ///< a name
  UnixMs paused_at = 0;
  CaptureTrouble trouble = CaptureTrouble::none;
  Timer too_long{};
  Timer empty{};
  Timer retry{};

  [[nodiscard]] bool paused() const noexcept { return record.state == State::paused; }
};

}  // namespace sluice::recording
