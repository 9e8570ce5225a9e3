#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "capture.h"
#include "capture_queue.h"
#include "journal.h"
#include "sluice/media/codec.h"
#include "sluice/taps.h"

/// What the control side of a capture and the writer tell each other.
namespace sluice::recording {

/// Of a session's tracks; each has a number that is not given again.
using TrackNumber = std::uint32_t;

/// The time line of a session.
class SessionClock {
 public:
  explicit SessionClock(Instant began) noexcept : began_{began} {}
  [[nodiscard]] media::MediaTime time_of(Instant moment) const noexcept {
    return std::chrono::duration_cast<media::MediaTime>(moment - began_);
  }
  [[nodiscard]] std::int64_t us(Instant moment) const noexcept { return time_of(moment).count(); }

 private:
  Instant began_;
};

struct TrackCodec {
  media::Codec codec = media::Codec::vp8;
  std::uint32_t clock_rate = 90'000;
  friend bool operator==(const TrackCodec&, const TrackCodec&) = default;
};

// Control to writer, in order. Times are the session's.

struct TrackToWrite {
  TrackNumber number = 0;
  std::string participant;
  MediaKind kind = MediaKind::audio;
  TrackSource source = TrackSource::mic;
  bool paused = false;
  std::map<std::uint8_t, TrackCodec> codecs;     ///< by payload type
  std::shared_ptr<TapReader> reader;             ///< shared with the tap, which it outlives
  std::optional<std::uint8_t> orientation_id{};  ///< see media::FrameAssembler::Options
};
struct TrackOff {  ///< or on again
  std::int64_t at_us = 0;
  TrackNumber number = 0;
  bool paused = false;
};
struct TrackOver {
  std::int64_t at_us = 0;
  TrackNumber number = 0;
};
struct SessionOver {
  std::int64_t at_us = 0;
  std::string reason;
};
using CaptureCommand = std::variant<JournalEntry, TrackToWrite, TrackOff, TrackOver, SessionOver>;

// Writer to control

struct KeyFrameWanted {
  TrackNumber number = 0;
};
struct TroubleSeen {
  CaptureTrouble trouble = CaptureTrouble::none;
  std::string text;
};
struct FilesClosed {};
using CaptureNotice = std::variant<KeyFrameWanted, TroubleSeen, FilesClosed>;

/// Owned by both sides: the control side may go first.
struct CaptureLink {
  static constexpr std::size_t kMaxCommands = 8'192;
  static constexpr std::size_t kMaxNotices = 4'096;

  CaptureQueue<CaptureCommand> commands{kMaxCommands};
  CaptureQueue<CaptureNotice> notices{kMaxNotices};
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<std::uint64_t> dropped_packets = 0;
  std::atomic<std::uint64_t> lost_frames = 0;
};

}  // namespace sluice::recording
