#pragma once

#include <map>
#include <optional>
#include <string>

#include "program/live_track.h"
#include "sluice/media/audio_mixer.h"
#include "sluice/media/coders.h"

namespace sluice::livestream {

/// The sound of the program: all voices decoded, laid where they belong, mixed.
class LiveSound {
 public:
  /// @param begin  Of the first mix().
  explicit LiveSound(MediaTime begin) : mixer_{begin} {}

  void add(LiveTrack track);
  /// @return how many packets it has lost.
  std::uint64_t remove(TrackNumber track);
  /// Muted: what comes meanwhile is not heard.
  void set_paused(TrackNumber track, bool paused);
  void insert(const FeedPacket& packet, const ProgramClock& clock);
  /// The next `frames` samples. @param now  By the job's clock, for packets that are waited for.
  [[nodiscard]] media::AudioBlock mix(std::size_t frames, Instant now, const ProgramClock& clock);
  /// Of all voices that are there.
  [[nodiscard]] std::uint64_t lost_packets() const noexcept;

 private:
  struct Voice {
    explicit Voice(LiveTrack its_track) : track{std::move(its_track)} {}
    LiveTrack track;
    std::optional<media::AudioDecoder> decoder{};
    std::optional<MediaTime> end{};  // of what was decoded last
    bool paused = false;
  };

  void decode(Voice& voice, TimedFrame&& timed);
  void conceal(Voice& voice, MediaTime until);
  void lay(Voice& voice, media::AudioBlock&& block);

  media::AudioMixer mixer_;
  std::map<TrackNumber, Voice> voices_;
};

}  // namespace sluice::livestream
