#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "program/cast.h"
#include "program/key_frame_wishes.h"
#include "program/live_sound.h"
#include "program/moment.h"
#include "program/passthrough.h"
#include "program/picture_source.h"
#include "sluice/media/compositor.h"
#include "stream_job.h"

namespace sluice::livestream {

/// Before the program begins, as it takes its time. Throws media::MediaError where an image or the font cannot be read.
[[nodiscard]] media::Compositor make_compositor(const ProgramOrder& order);

/// The program of one room before it is coded: takes what the gateway tells, gives a picture and the sound that belongs
/// to it each tick, whatever the senders do. At a moment it shows what arrived `delay_ms` before.
///
/// Sans I/O; one thread.
class LiveProgram {
 public:
  /// A tick that is later than that is left out, and so are those between it and the newest one.
  static constexpr Duration kMaxLate = std::chrono::milliseconds{200};
  /// An arrival that is told to be longer ago is not believed.
  static constexpr Duration kMaxAge = std::chrono::seconds{10};

  /// @param compositor  By make_compositor().
  LiveProgram(const ProgramOrder& order, media::Compositor compositor, Instant begin);

  /// A record of the feed; what cannot be read of it is left out.
  void take(std::span<const std::uint8_t> record, Instant now);
  void take(const FeedEntry& entry, Instant now);
  void set_layout(Layout layout) { compositor_.set_layout(layout); }
  /// The next picture that is coded is to be a key frame.
  void request_key_frame() noexcept;
  /// A picture that was given was not coded.
  void note_dropped_picture() noexcept;

  [[nodiscard]] Instant next_tick() const noexcept { return clock_.instant_of(next_); }
  /// What the next tick makes; nothing: it is not due. Call it until then.
  [[nodiscard]] std::optional<ProgramMoment> tick(Instant now);
  /// Whom to ask for key frames since the last call.
  [[nodiscard]] std::vector<TrackNumber> take_key_frame_wishes() { return wishes_.take(); }

 private:
  void take_entry(const FeedParticipant& participant, Instant now);
  void take_entry(const FeedTrack& track, Instant now);
  void take_entry(const FeedTrackState& state, Instant now);
  void take_entry(const FeedTrackEnd& end, Instant now);
  void take_entry(const FeedSpeaker& speaker, Instant now);
  void take_entry(const FeedPacket& packet, Instant now);
  std::shared_ptr<SenderClock> sender_of(const std::string& participant_id);
  void drop_track(TrackNumber track);

  void skip_late_ticks(Instant now);
  void advance_pictures(Instant now, MediaTime shown);
  void set_scene(MediaTime shown);
  [[nodiscard]] PictureSource* find_only_picture(MediaTime shown);
  bool pass(MediaTime shown, Instant now);
  [[nodiscard]] media::VideoFrame compose();
  [[nodiscard]] ProgramState state() const;

  ProgramOrder order_;
  ProgramClock clock_;
  MediaTime delay_;
  Duration patience_;  // for a missing packet
  media::Compositor compositor_;
  Cast cast_;
  // Shared with the participant's tracks.
  std::map<std::string, std::weak_ptr<SenderClock>> senders_;
  std::map<TrackNumber, PictureSource> pictures_;
  LiveSound sound_;
  Passthrough passthrough_;
  KeyFrameWishes wishes_;
  std::map<TrackNumber, bool> has_picture_;
  bool scene_changed_ = true;
  bool passing_ = false;
  bool key_frame_wanted_ = false;
  std::int64_t next_ = 0;     // tick
  std::int64_t samples_ = 0;  // mixed
  MediaTime last_picture_{-1'000};
  std::int64_t dropped_frames_ = 0;
  std::uint64_t lost_before_ = 0;  // packets of tracks that have ended
};

}  // namespace sluice::livestream
