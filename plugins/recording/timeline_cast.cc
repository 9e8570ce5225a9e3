#include "timeline_cast.h"

#include <algorithm>

namespace sluice::recording {

media::LayoutKind layout_kind(Layout layout) noexcept {
  switch (layout) {
    case Layout::grid:
      return media::LayoutKind::grid;
    case Layout::speaker:
      return media::LayoutKind::speaker;
    case Layout::presentation:
      break;
  }
  return media::LayoutKind::presentation;
}

Cast::Cast(const Session& session, const Settings& settings)
    : session_{session},
      cameras_{settings.video},
      screens_{settings.screen_share},
      layout_{layout_kind(settings.layout)} {}

bool Cast::advance(MediaTime now) {
  now_ = now;
  const std::size_t before = next_;
  while (next_ < session_.changes.size() && time_of(session_.changes[next_]).value_or(now) <= now) {
    apply(session_.changes[next_++]);
  }
  return next_ != before;
}

void Cast::apply(const JournalEntry& entry) {
  if (const auto* came = std::get_if<ParticipantCame>(&entry)) return apply_came(*came);
  if (const auto* began = std::get_if<TrackBegan>(&entry)) return apply_began(*began);
  if (const auto* went = std::get_if<ParticipantWent>(&entry)) {
    std::erase_if(people_, [&went](const Person& person) { return person.id == went->participant; });
  } else if (const auto* led = std::get_if<SpeakerLed>(&entry)) {
    speaker_ = led->participant;
  } else if (const auto* changed = std::get_if<LayoutChanged>(&entry)) {
    layout_ = layout_kind(changed->layout);
  }
}

/// Also of somebody who is there: the name has changed.
void Cast::apply_came(const ParticipantCame& entry) {
  const auto person = find(entry.participant);
  if (person != people_.end()) {
    person->name = entry.name;
  } else {
    people_.push_back({entry.participant, entry.name});
  }
}

/// Somebody who sends is there, whatever was told before.
void Cast::apply_began(const TrackBegan& entry) {
  if (find(entry.participant) != people_.end()) return;
  people_.push_back({entry.participant, session_.name_of(entry.participant)});
}

std::vector<Cast::Person>::iterator Cast::find(const std::string& participant) {
  return std::ranges::find(people_, participant, &Person::id);
}

bool Cast::is_on(std::size_t index) const {
  const SessionTrack& track = session_.tracks[index];
  if (track.is_camera() && !cameras_) return false;
  if (track.is_screen() && !screens_) return false;
  if ((track.end && now_ >= *track.end) || track.is_paused(now_)) return false;
  return std::ranges::find(people_, track.began.participant, &Person::id) != people_.end();
}

std::vector<media::SceneSource> Cast::scene(const std::vector<bool>& has_picture) const {
  std::vector<media::SceneSource> out;
  for (const Person& person : people_) {
    const bool speaking = person.id == speaker_;
    std::vector<media::SceneSource> screens;
    const std::size_t first = out.size();
    for (std::size_t i = 0; i < session_.tracks.size(); ++i) {
      const SessionTrack& track = session_.tracks[i];
      if (track.began.participant != person.id || !has_picture[i] || !is_on(i)) continue;
      if (track.is_camera()) {
        out.push_back({.id = track.began.track, .label = person.name, .speaking = speaking});
      } else if (track.is_screen()) {
        screens.push_back({.id = track.began.track, .label = person.name, .screen = true});
      }
    }
    if (out.size() == first) {
      out.push_back({.id = person.id, .label = person.name, .has_video = false, .speaking = speaking});
    }
    std::ranges::move(screens, std::back_inserter(out));
  }
  return out;
}

}  // namespace sluice::recording
