#include "program/cast.h"

#include <algorithm>

namespace sluice::livestream {

std::vector<Cast::Person>::iterator Cast::find(const std::string& id) {
  return std::ranges::find(people_, id, &Person::id);
}

bool Cast::join(const std::string& id, const std::string& name) {
  if (people_.size() >= kMaxPeople || id.size() > kMaxIdBytes) return false;
  people_.push_back({.id = id, .name = name.substr(0, kMaxNameBytes)});
  return true;
}

std::vector<TrackNumber> Cast::apply(const FeedParticipant& participant) {
  const auto person = find(participant.id);
  if (participant.present) {
    if (person != people_.end()) {
      person->name = participant.name.substr(0, kMaxNameBytes);
    } else {
      (void)join(participant.id, participant.name);
    }
    return {};
  }
  if (person != people_.end()) people_.erase(person);
  std::vector<TrackNumber> gone;
  std::erase_if(tracks_, [&](const auto& entry) {
    const bool theirs = entry.second.participant_id == participant.id;
    if (theirs) gone.push_back(entry.first);
    return theirs;
  });
  return gone;
}

bool Cast::apply(const FeedTrack& track, TrackNumber number) {
  if (!tracks_.contains(number) && tracks_.size() >= kMaxTracks) return false;
  if (find(track.participant_id) == people_.end() && !join(track.participant_id, {})) return false;
  tracks_.insert_or_assign(number,
                           Track{.participant_id = track.participant_id, .source = track.source, .video = track.video});
  return true;
}

void Cast::set_paused(TrackNumber track, bool paused) {
  const auto found = tracks_.find(track);
  if (found != tracks_.end()) found->second.paused = paused;
}

bool Cast::is_on(TrackNumber track) const {
  const auto found = tracks_.find(track);
  return found != tracks_.end() && !found->second.paused;
}

std::vector<media::SceneSource> Cast::scene(const std::function<bool(TrackNumber)>& has_picture) const {
  std::vector<media::SceneSource> out;
  for (const Person& person : people_) {
    media::SceneSource tile{
        .id = person.id, .label = person.name, .has_video = false, .speaking = person.id == speaker_};
    std::vector<media::SceneSource> cameras;
    std::vector<media::SceneSource> screens;
    bool publishes = false;
    for (const auto& [number, track] : tracks_) {
      if (track.participant_id != person.id) continue;
      publishes = true;
      if (!track.video || track.paused || !has_picture(number)) continue;
      media::SceneSource source = tile;
      source.id = std::to_string(number);
      source.has_video = true;
      source.screen = track.source == TrackSource::screen;
      source.speaking = tile.speaking && !source.screen;
      (source.screen ? screens : cameras).push_back(std::move(source));
    }
    if (publishes && cameras.empty()) cameras.push_back(std::move(tile));
    std::ranges::move(cameras, std::back_inserter(out));
    std::ranges::move(screens, std::back_inserter(out));
  }
  return out;
}

}  // namespace sluice::livestream
