#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/media/media_file.h"
#include "timeline_session.h"

namespace sluice::recording {

/// Spans of a session of which something is missing.
class Missing {
 public:
  void add(Span span) { spans_.push_back(span); }
  /// On the product's time line.
  [[nodiscard]] MediaTime total(const Timeline& timeline) const;

 private:
  std::vector<Span> spans_;
};

/// One track's file, read in step with the session's time. It is open only while the track goes on.
class TrackStream {
 public:
  struct Frame {
    media::Packet packet;
    MediaTime at{};  ///< of the session
  };

  /// Borrows the session and `missing`.
  TrackStream(const Session& session, std::size_t track, std::string path, Missing& missing);

  /// The next frame, if it belongs to `until` or before.
  [[nodiscard]] std::optional<Frame> next(MediaTime until);
  /// Once there was a frame.
  [[nodiscard]] const media::TrackFormat& format() const noexcept { return format_; }
  [[nodiscard]] const SessionTrack& track() const noexcept { return session_.tracks[track_]; }
  /// Where a packet of the file belongs in the session.
  [[nodiscard]] MediaTime time_of(MediaTime pts) const { return session_.time_of(track(), pts); }
  /// Nothing comes any more.
  [[nodiscard]] bool ended() const noexcept { return state_ == State::ended; }

 private:
  enum class State : std::uint8_t { closed, open, ended };
  void open();
  void read();

  const Session& session_;
  std::size_t track_;
  std::string path_;
  Missing& missing_;
  State state_ = State::closed;
  std::optional<media::FileReader> reader_;
  std::size_t wanted_ = 0;  // of the file's tracks
  media::TrackFormat format_{};
  std::optional<Frame> ahead_;
  MediaTime last_{};  // frame
};

/// The path of a track's file; nothing where its name leads out of the folder.
[[nodiscard]] std::optional<std::string> path_of(const SessionTrack& track, const std::string& folder);

/// What the files of a session turn out to be.
struct Survey {
  std::vector<bool> readable;  ///< of the session's tracks: wanted by the settings, and can be read
  std::vector<std::string> problems{};
  MediaTime end{};  ///< of the session
};

/// Looks at all files; where the gateway did not live to say when the session ended, reads them to find that out.
[[nodiscard]] Survey survey_files(const Session& session, const Settings& settings, const std::string& folder,
                                  Missing& missing);

}  // namespace sluice::recording
