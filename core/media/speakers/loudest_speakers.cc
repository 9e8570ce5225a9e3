#include "core/media/speakers/loudest_speakers.h"

#include <algorithm>
#include <tuple>

namespace sluice {

namespace {

bool speaks(const SpeechActivity& activity) noexcept { return activity.medium > 0; }

// Rises fast, so that who begins is compared by what it says; falls slowly, over the pauses between words.
int smoothed(int before, int now) noexcept {
  return now > before ? (before + now + 1) / 2 : before - (before - now) / 8;
}

}  // namespace

bool LoudestSpeakers::loud(SpeakerId id) const noexcept {
  const auto found = speakers_.find(id);
  return found != speakers_.end() && found->second.loud;
}

void LoudestSpeakers::set_places(std::size_t places, Instant now) {
  places_ = places;
  while (loud_.size() > places_) {
    const auto silent = longest_silent(now);
    take_place(silent ? *silent : loud_.back());
  }
  fill_places(now);
}

void LoudestSpeakers::add(SpeakerId id, Instant now) {
  Speaker& speaker = speakers_[id];
  speaker.number = arrivals_++;
  if (loud_.size() < places_) give_place(id, now);
}

void LoudestSpeakers::remove(SpeakerId id, Instant now) {
  const auto found = speakers_.find(id);
  if (found == speakers_.end()) return;
  if (found->second.loud) std::erase(loud_, id);
  speakers_.erase(found);
  fill_places(now);
}

void LoudestSpeakers::mute(SpeakerId id) noexcept {
  const auto found = speakers_.find(id);
  if (found == speakers_.end()) return;
  found->second.loudness = 0;
  found->second.spoke_at.reset();
}

void LoudestSpeakers::update(const SpeakerReport& report, Instant now) {
  const auto found = speakers_.find(report.id);
  if (found == speakers_.end()) return;
  Speaker& speaker = found->second;
  const bool ended = report.activity.silent();
  speaker.loudness = ended ? 0 : smoothed(speaker.loudness, 127 - report.minus_dbov);
  if (!speaks(report.activity)) return;
  speaker.spoke_at = now;
  if (speaker.loud || places_ == 0) return;

  std::optional<SpeakerId> loser = longest_silent(now);
  if (!loser && report.activity.long_term >= config_.least_long) {
    loser = quietest(now);
    if (loser && speakers_.at(*loser).loudness + config_.margin_db > speaker.loudness) loser.reset();
  }
  if (!loser) return;
  take_place(*loser);
  give_place(report.id, now);
}

void LoudestSpeakers::give_place(SpeakerId id, Instant now) {
  Speaker& speaker = speakers_.at(id);
  speaker.loud = true;
  speaker.entered = now;
  loud_.push_back(id);
  changes_.push_back({.id = id, .loud = true});
}

void LoudestSpeakers::take_place(SpeakerId id) {
  speakers_.at(id).loud = false;
  std::erase(loud_, id);
  changes_.push_back({.id = id, .loud = false});
}

void LoudestSpeakers::fill_places(Instant now) {
  while (loud_.size() < places_) {
    const auto next = next_in_line();
    if (!next) return;
    give_place(*next, now);
  }
}

std::optional<SpeakerId> LoudestSpeakers::longest_silent(Instant now) const noexcept {
  std::optional<SpeakerId> found;
  std::tuple<Instant, std::uint64_t> earliest;
  for (const SpeakerId id : loud_) {
    const Speaker& speaker = speakers_.at(id);
    if (speaker.spoke_at && now - *speaker.spoke_at < config_.grace) continue;
    // Of those who never spoke the last one to come goes first.
    const std::tuple rank{speaker.spoke_at.value_or(Instant::min()), ~speaker.number};
    if (found && earliest <= rank) continue;
    found = id;
    earliest = rank;
  }
  return found;
}

std::optional<SpeakerId> LoudestSpeakers::quietest(Instant now) const noexcept {
  std::optional<SpeakerId> found;
  int least = 0;
  for (const SpeakerId id : loud_) {
    const Speaker& speaker = speakers_.at(id);
    if (now - speaker.entered < config_.least_stay) continue;
    if (found && speaker.loudness >= least) continue;
    found = id;
    least = speaker.loudness;
  }
  return found;
}

// Who spoke last, then who came first.
std::optional<SpeakerId> LoudestSpeakers::next_in_line() const noexcept {
  std::optional<SpeakerId> found;
  std::tuple<Instant, std::uint64_t> best;
  for (const auto& [id, speaker] : speakers_) {
    if (speaker.loud) continue;
    const std::tuple rank{speaker.spoke_at.value_or(Instant::min()), ~speaker.number};
    if (found && rank <= best) continue;
    found = id;
    best = rank;
  }
  return found;
}

}  // namespace sluice
