#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capture_disk.h"
#include "capture_messages.h"
#include "journal_writer.h"
#include "track_writer.h"

namespace sluice::recording {

/// The writer's side of one capture, without a thread and without a clock: takes commands, drains the taps, writes
/// tracks and journal, watches the disk. Does not throw for what the disk or a sender does.
/// @note One thread at a time; blocks on the disk.
class CaptureSession {
 public:
  struct Setup {
    std::string folder;
    Instant began;
    std::uint64_t least_free_bytes = 0;
  };
  /// The journal has its first line already.
  CaptureSession(const Setup& setup, JournalWriter journal, std::shared_ptr<CaptureLink> link,
                 FreeBytes free_bytes = free_bytes_of);

  /// Commands first, then what the taps have queued, then the disk.
  /// @return the newest moment that it knows of: `now`, or the arrival of a packet.
  Instant drain(Instant now);
  /// As SessionOver does, where nobody has told so: the process ends.
  void close(std::string reason);
  /// All files are closed.
  [[nodiscard]] bool closed() const noexcept { return closed_; }

 private:
  void apply(JournalEntry&& entry);
  void apply(TrackToWrite&& track);
  void apply(TrackOff&& off);
  void apply(TrackOver&& over);
  void apply(SessionOver&& over);

  /// Runs `work`; where the disk refuses, nothing is written any more.
  template <class Work>
  void guarded(Work work);
  void drain_tracks();
  void flush_and_sync();
  void check_space();
  void watch_speed();
  void stop_writing(const std::string& text);
  void end(SessionOver over);
  void append_if_possible(const JournalEntry& entry) noexcept;
  [[nodiscard]] bool journal_is_long() const noexcept;
  [[nodiscard]] TrackWriter* find(TrackNumber number) noexcept;
  void remove(const TrackWriter& track);
  void tell(CaptureTrouble trouble, std::string text);
  void tell_figures();

  SessionFiles files_;
  std::uint64_t least_free_bytes_;
  std::shared_ptr<CaptureLink> link_;  // shared with the control side, which may go first
  FreeBytes free_bytes_;
  std::vector<std::unique_ptr<TrackWriter>> tracks_;
  std::optional<SessionOver> over_;
  Instant now_{};
  std::optional<Instant> space_checked_;
  std::optional<Instant> synced_;
  std::optional<Instant> last_drop_;  // while it is too slow
  std::uint64_t seen_drops_ = 0;
  std::uint64_t bytes_before_ = 0;  // of tracks that are over
  std::uint64_t dropped_before_ = 0;
  std::uint64_t lost_frames_before_ = 0;
  bool writing_ = true;
  bool closed_ = false;
};

}  // namespace sluice::recording
