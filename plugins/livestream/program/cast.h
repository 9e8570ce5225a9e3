#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "feed/feed_records.h"
#include "sluice/media/layout.h"

namespace sluice::livestream {

/// Who is in the room and publishes, and so in the picture.
class Cast {
 public:
  static constexpr std::size_t kMaxPeople = 1'000;
  /// More are not seen or heard; those that have ended do not count.
  static constexpr std::size_t kMaxTracks = 500;
  static constexpr std::size_t kMaxIdBytes = 256;
  static constexpr std::size_t kMaxNameBytes = 512;

  /// @return the tracks of who has left.
  std::vector<TrackNumber> apply(const FeedParticipant& participant);
  /// @return false: it is not taken. Whoever sends is there, whatever was told before.
  [[nodiscard]] bool apply(const FeedTrack& track, TrackNumber number);
  void apply(const FeedSpeaker& speaker) { speaker_ = speaker.participant_id; }
  void set_paused(TrackNumber track, bool paused);
  void end(TrackNumber track) { tracks_.erase(track); }

  /// Sent and not paused.
  [[nodiscard]] bool is_on(TrackNumber track) const;
  /// The participants that publish, in the order in which they came, each with its cameras, or a tile with its name,
  /// and its screens. A source's id is the track's number. Empty: nobody publishes.
  [[nodiscard]] std::vector<media::SceneSource> scene(const std::function<bool(TrackNumber)>& has_picture) const;

 private:
  struct Person {
    std::string id;
    std::string name;
  };
  struct Track {
    std::string participant_id;
    TrackSource source = TrackSource::mic;
    bool video = false;
    bool paused = false;
  };
  [[nodiscard]] std::vector<Person>::iterator find(const std::string& id);
  [[nodiscard]] bool join(const std::string& id, const std::string& name);

  std::vector<Person> people_;
  std::map<TrackNumber, Track> tracks_;
  std::string speaker_;
};

}  // namespace sluice::livestream
