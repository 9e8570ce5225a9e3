#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hls/playlist_segment.h"
#include "sluice/time.h"
#include "stream_job.h"

namespace sluice::livestream {

struct PlaylistOptions {
  std::chrono::milliseconds segment{1'000};
  std::chrono::milliseconds part{250};
  std::chrono::seconds dvr{60};  ///< how long a segment is listed; six are in any case
  std::string query{};           ///< that each URI in it carries, with its question mark: `?key=...`
};

/// Where in a stream: a segment by its media sequence number, or one of its parts.
struct Position {
  std::uint64_t segment = 0;
  std::optional<std::uint64_t> part{};
};

/// The media playlist of a live stream: RFC 8216, and low latency as draft-pantos-hls-rfc8216bis has it. What players
/// of the former do not know are tags, which they ignore.
///
/// Pure: no files, no clock. The text is written once per change, however many ask for it.
class Playlist {
 public:
  explicit Playlist(PlaylistOptions options);

  /// Another job writes from now on: its numbers begin at 0, its files are listed with `prefix` before their names, so
  /// that no name comes twice.
  void begin_run(std::string prefix);
  /// Lists the file under HlsFile::name, which has the run's prefix already.
  /// @return False for what has no place: older than what is listed, before its initialisation, without duration.
  [[nodiscard]] bool add(const HlsFile& file, WallTime now);
  /// Nothing comes any more.
  void end();

  /// The playlist; also without a segment in it, which no player takes: see empty().
  [[nodiscard]] const std::string& text();
  /// A Playlist Delta Update (section 6.2.5.1); the whole playlist while there is nothing to skip.
  [[nodiscard]] const std::string& delta();

  [[nodiscard]] bool empty() const noexcept { return segments_.empty(); }
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  /// It holds what a blocked request waits for (section 6.2.5.2), or something later.
  [[nodiscard]] bool has(const Position& position) const noexcept;
  /// Nobody who has read this playlist has reason to ask for that yet.
  [[nodiscard]] bool too_far(const Position& position) const noexcept;
  /// A part of this name may come next; the preload hint is one such.
  [[nodiscard]] bool awaits(std::string_view name) const noexcept;
  /// Names that were listed, and are no more since the last call.
  [[nodiscard]] std::vector<std::string> take_removed();

  /// Constant, unless a segment is too long for it: a longer one is told, rather than a wrong duration.
  [[nodiscard]] std::chrono::seconds target_duration() const noexcept { return target_; }

 private:
  using Microseconds = std::chrono::microseconds;

  [[nodiscard]] bool takes(const HlsFile& file) const noexcept;
  [[nodiscard]] bool add_initialisation(const HlsFile& file);
  [[nodiscard]] bool add_part(const HlsFile& file, WallTime now);
  void add_segment(const HlsFile& file, WallTime now);
  PlaylistSegment& running_for(const HlsFile& file, WallTime now);
  void open(const HlsFile& file, WallTime now);
  [[nodiscard]] WallTime beginning_of(const HlsFile& file, WallTime now) const noexcept;
  void give_up_running();
  void close(std::string name, Microseconds duration, MediaPresence presence);
  void retire_initialisation();
  void remove_old();
  void remove_first();
  void await_parts();

  [[nodiscard]] std::uint64_t next_number() const noexcept { return first_number_ + segments_.size(); }
  [[nodiscard]] std::string segment_name(std::int64_t sequence) const;
  [[nodiscard]] std::string part_name(std::int64_t sequence, std::int64_t part) const;
  [[nodiscard]] const std::string& hint() const noexcept;
  [[nodiscard]] bool can_skip() const noexcept;
  [[nodiscard]] Microseconds skip_boundary() const noexcept;
  [[nodiscard]] std::size_t skippable() const noexcept;
  [[nodiscard]] std::string header() const;
  void write();

  PlaylistOptions options_;
  std::chrono::seconds target_;
  Microseconds part_target_;

  std::deque<PlaylistSegment> segments_;    // whole ones
  std::optional<PlaylistSegment> running_;  // of which there are parts alone
  std::uint64_t first_number_ = 0;
  std::uint64_t discontinuity_sequence_ = 0;
  Microseconds window_{};  // of segments_
  bool independent_ = true;
  bool ended_ = false;
  std::optional<WallTime> last_end_;  // of the last whole segment

  // Of the job that runs.
  std::string prefix_;
  std::string initialisation_;
  std::int64_t next_sequence_ = 0;      // of the next segment to open
  std::int64_t running_sequence_ = 0;   // of running_
  std::array<std::string, 2> awaited_;  // the segment's next part; the first one of the next segment

  std::vector<std::string> removed_;
  bool stale_ = true;
  std::string text_;
  std::string delta_;
};

}  // namespace sluice::livestream
