#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "journal.h"
#include "settings.h"
#include "sluice/contracts/media_taps.h"
#include "sluice/function.h"
#include "sluice/host.h"

namespace sluice::recording {

/// What a capture is to take, and where to.
struct CaptureSpec {
  std::string recording_id{};
  std::string meeting_id{};  ///< empty: of no meeting
  std::string folder{};      ///< of the session, made by the capture
  Settings settings{};
  std::uint64_t least_free_bytes = 0;  ///< of the disk: with less, capture ends
};

/// Of a capture, so far.
struct CaptureFigures {
  std::uint64_t bytes = 0;            ///< written
  std::uint64_t dropped_packets = 0;  ///< for want of a quick disk
  std::uint64_t lost_frames = 0;      ///< on the network
  std::size_t tracks = 0;             ///< that there have been
  Duration recorded{};                ///< without the pauses
};

enum class CaptureTrouble : std::uint8_t {
  none,       ///< over
  disk_slow,  ///< packets are dropped; it goes on
  disk_full   ///< nothing is written any more; what was, stays. It can only be ended
};
BOOST_DESCRIBE_ENUM(CaptureTrouble, none, disk_slow, disk_full)

/// One session as it happens: taps each track of the room, writes the encoded media as it arrives, and keeps the
/// journal. All files are flushed at least every second. The meeting never waits for it.
/// @note Control thread only; a thread of the plugin's does the writing (CaptureWriter).
class Capture {
 public:
  virtual ~Capture() = default;
  virtual void pause() = 0;
  virtual void resume() = 0;
  virtual void set_layout(Layout layout) = 0;
  virtual void note_chat(std::string_view name, std::string_view text) = 0;
  /// A participant that is to be left out (it has not consented) or taken in (it has). At first all are in, or out, as
  /// `begin_capture` was told.
  virtual void set_taken(std::string_view participant_id, bool taken) = 0;
  /// Takes nothing more; `done` once all files are closed. The room may be gone by then, and `done` may destroy this.
  /// Destroyed without an end, the session ends as `gateway_stopped`.
  virtual void end(std::string_view reason, Function<void()> done) = 0;
  [[nodiscard]] virtual CaptureFigures figures() const = 0;
  /// Called when the trouble changes; the text is for people.
  virtual void on_trouble(Function<void(CaptureTrouble, std::string)> callback) = 0;
};

enum class Consent : std::uint8_t {
  implied,   ///< everybody is taken in
  explicit_  ///< nobody is before Capture::set_taken says so
};

/// Writes what captures take; one for the plugin. Outlives its captures. Its end waits until all files are closed.
class CaptureWriter;
struct CaptureWriterDeleter {
  void operator()(CaptureWriter* writer) const noexcept;
};
using CaptureWriterPtr = std::unique_ptr<CaptureWriter, CaptureWriterDeleter>;
[[nodiscard]] CaptureWriterPtr make_capture_writer();

/// Begins. Throws Error: `internal` where the folder cannot be made.
[[nodiscard]] std::unique_ptr<Capture> begin_capture(Host& host, MediaTaps& taps, CaptureWriter& writer, Room& room,
                                                     const CaptureSpec& spec, Consent consent);

}  // namespace sluice::recording
