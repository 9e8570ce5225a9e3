#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "production_track.h"
#include "sluice/media/audio_mixer.h"
#include "sluice/media/coders.h"

namespace sluice::recording {

/// The sound of the product: all tracks decoded, laid where they belong, mixed. Reads the files in step.
class SoundMix {
 public:
  /// Borrows the timeline.
  SoundMix(std::vector<TrackStream> streams, const Timeline& timeline);

  /// The next `frames` samples of the product.
  [[nodiscard]] media::AudioBlock next(std::size_t frames);

 private:
  struct Voice {
    explicit Voice(TrackStream its_stream) : stream{std::move(its_stream)} {}
    TrackStream stream;
    std::optional<media::AudioDecoder> decoder{};
    std::optional<MediaTime> end{};  // of what was decoded last, of the session
  };

  void advance(Voice& voice, MediaTime until);
  void decode(Voice& voice, const TrackStream::Frame& frame);
  void conceal(Voice& voice, MediaTime until);
  void lay(Voice& voice, const media::AudioBlock& block, MediaTime at);
  void remove_silent();

  const Timeline& timeline_;
  media::AudioMixer mixer_;
  std::vector<Voice> voices_;
  std::map<std::string, MediaTime> sources_;  // in the mixer, with the ends of what they were given, of the product
};

}  // namespace sluice::recording
