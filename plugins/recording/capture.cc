#include "capture.h"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "capture_messages.h"
#include "capture_room.h"
#include "capture_session.h"
#include "capture_writer.h"
#include "journal_writer.h"

namespace sluice::recording {
namespace {

std::int64_t milliseconds(WallTime moment) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch()).count();
}

/// The folder, for its owner alone, and the journal with its first line.
JournalWriter begin_journal(const CaptureSpec& spec, const SessionBegan& began) {
  if (::mkdir(spec.folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw std::system_error{errno, std::generic_category(), spec.folder};
  }
  JournalWriter journal{spec.folder};
  journal.append(began);
  return journal;
}

}  // namespace

std::unique_ptr<Capture> begin_capture(Host& host, MediaTaps& taps, CaptureWriter& writer, Room& room,
                                       const CaptureSpec& spec, Consent consent) {
  const SessionBegan began{.recording_id = spec.recording_id,
                           .tenant = room.tenant(),
                           .room_id = room.id(),
                           .meeting_id = spec.meeting_id,
                           .wall_time_ms = milliseconds(host.timers().wall_time()),
                           .settings = spec.settings};
  try {
    // Shared by both sides of the capture.
    const auto link = std::make_shared<CaptureLink>();
    const CaptureSession::Setup setup{
        .folder = spec.folder, .began = host.timers().now(), .least_free_bytes = spec.least_free_bytes};
    auto session = std::make_unique<CaptureSession>(setup, begin_journal(spec, began), link);
    auto capture = std::make_unique<RoomCapture>(host, taps, writer, room, spec, consent, link);
    writer.add(std::move(session));
    return capture;
  } catch (const std::system_error& error) {
    throw Error{ErrorCode::internal, "the recording cannot be written: " + std::string{error.what()}};
  } catch (const std::length_error& error) {
    throw Error{ErrorCode::internal, "the recording cannot be written: " + std::string{error.what()}};
  }
}

}  // namespace sluice::recording
