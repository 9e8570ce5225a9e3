#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capture_file.h"
#include "capture_messages.h"
#include "journal_writer.h"
#include "sluice/media/frame_assembler.h"
#include "sluice/media/session_clock.h"

namespace sluice::recording {

/// Where the tracks of a session leave what they have.
struct SessionFiles {
  std::string folder;
  SessionClock clock;
  JournalWriter journal;
};

/// One track of a session: reads its tap's queue, puts frames together and writes them as they come. Each codec that
/// the sender takes gets a file, a name in the journal and a clock of its own: `t7`, then `t7-2`.
///
/// What FFmpeg does not like of one frame costs that file; the next key frame begins another. What the disk refuses is
/// thrown: media::MediaError, std::system_error.
/// @note One thread at a time; blocks on the disk.
class TrackWriter {
 public:
  explicit TrackWriter(TrackToWrite track);

  /// All that is queued. @return the newest moment that it knows of: `now`, or the arrival of a packet.
  Instant drain(Instant now, SessionFiles& files);
  /// Switched off or on.
  void set_paused(bool paused, std::int64_t at_us, SessionFiles& files);
  /// True once a second while nothing can be written for want of a key frame.
  [[nodiscard]] bool take_key_frame_wish(Instant now);
  void flush_if_due(Instant now);
  void sync();
  /// Nothing more comes: what waits for missing packets is given up, the file ends.
  void finish(std::int64_t at_us, SessionFiles& files);
  /// The disk refuses: the file stays as it was flushed. The journal says so where it still can.
  void abandon(std::int64_t at_us, SessionFiles& files) noexcept;

  [[nodiscard]] TrackNumber number() const noexcept { return track_.number; }
  [[nodiscard]] std::uint64_t bytes() const noexcept;
  [[nodiscard]] std::uint64_t dropped_packets() const noexcept { return track_.reader->dropped(); }
  [[nodiscard]] std::uint64_t lost_frames() const noexcept;

 private:
  /// Of one codec.
  struct Parts {
    Parts(const TrackCodec& its_codec, std::optional<std::uint8_t> orientation_id);
    TrackCodec codec;
    media::FrameAssembler assembler;
    media::ClockWatch watch;
    std::string name{};                      // in the journal, once there is a file
    std::vector<media::ClockPoint> early{};  // points seen before that
    std::unique_ptr<CaptureFile> file{};
    media::Turn turn = media::Turn::none;  // of the file's last frame
    int turns_noted = 0;                   // of the file
    bool packets_came = false;
  };

  void take(const TappedPacket& packet, SessionFiles& files);
  void take_clock(Parts& parts, const TappedPacket& packet, SessionFiles& files);
  void write_frames(Instant now, SessionFiles& files);
  void write(media::RtpFrame&& frame, Instant now, SessionFiles& files);
  void begin_file(const media::RtpFrame& key_frame, SessionFiles& files);
  void note_turn(const media::RtpFrame& frame, SessionFiles& files);
  void end_file(std::int64_t at_us, SessionFiles& files);
  void end_parts(Instant now, std::int64_t at_us, SessionFiles& files);
  void note(const Parts& parts, const media::ClockPoint& point, SessionFiles& files) const;

  TrackToWrite track_;
  std::unique_ptr<Parts> parts_;
  int files_begun_ = 0;
  int codecs_seen_ = 0;
  std::uint64_t bytes_before_ = 0;        // of files that are closed
  std::uint64_t lost_frames_before_ = 0;  // of codecs that are over
  std::optional<Instant> last_wish_;
  Instant newest_{};
};

}  // namespace sluice::recording
