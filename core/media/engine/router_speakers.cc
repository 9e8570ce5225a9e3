#include "core/media/engine/router_speakers.h"

#include <algorithm>
#include <utility>

#include "core/control/control_loop.h"

namespace sluice {

void RouterSpeakers::on_levels(Duration interval, Function<void(const std::vector<SpeakerLevel>&)> callback) {
  interval_ = std::clamp<Duration>(interval, kLeastInterval, kMostInterval);
  levels_due_ = {};
  on_levels_.set(std::move(callback));
}

void RouterSpeakers::on_loudest(std::size_t count, Function<void(const std::string&, bool)> callback) {
  on_loudest_.set(std::move(callback));
  places_ = on_loudest_ ? count : 0;
  loudest_.set_places(places_, loop_.now());
  for (const auto& [id, microphone] : microphones_) undecided_.insert(id);
  conclude_soon();
}

void RouterSpeakers::forget_callbacks() {
  on_dominant_.set(nullptr);
  on_levels_.set(nullptr);
  on_loudest_.set(nullptr);
}

void RouterSpeakers::add(SpeakerId id, const std::string& producer_id) {
  microphones_[id].producer_id = producer_id;
  loudest_.add(id, loop_.now());
  undecided_.insert(id);
  if (places_ > 0) conclude_soon();
}

void RouterSpeakers::remove(SpeakerId id) {
  const auto found = microphones_.find(id);
  if (found == microphones_.end()) return;
  mute(id);
  microphones_.erase(found);
  loudest_.remove(id, loop_.now());
  if (places_ > 0) conclude_soon();
}

void RouterSpeakers::mute(SpeakerId id) {
  const auto found = microphones_.find(id);
  if (found == microphones_.end()) return;
  if (!std::exchange(found->second.silent, true)) --sounding_;
  heard_.erase(id);
  loudest_.mute(id);
  dominant_changed_ = dominant_changed_ || dominant_.current() == id;
  dominant_.remove(id);
  if (dominant_changed_ || all_silent()) conclude_soon();
}

void RouterSpeakers::handle(const SpeakerReport& report, Instant now) {
  const auto found = microphones_.find(report.id);
  if (found == microphones_.end()) return;
  Microphone& microphone = found->second;
  microphone.minus_dbov = report.minus_dbov;
  microphone.voice = report.voice;
  const bool silent = report.activity.silent();
  if (std::exchange(microphone.silent, silent) != silent) sounding_ += silent ? -1 : 1;
  if (report.heard() && on_levels_) {
    const bool first = heard_.insert(report.id).second;
    SpeakerLevel& loudest = microphone.loudest;
    loudest.minus_dbov = first ? report.minus_dbov : std::min(loudest.minus_dbov, report.minus_dbov);
    loudest.voice = report.voice || (!first && loudest.voice);
  }
  dominant_.update(report.id, report.activity);
  loudest_.update(report, now);
}

void RouterSpeakers::conclude(Instant now) {
  for (const LoudestSpeakers::Change& change : loudest_.take_changes()) undecided_.insert(change.id);
  dominant_changed_ = dominant_.decide(now) || dominant_changed_;
  tell_loudest();
  if (std::exchange(dominant_changed_, false)) tell_dominant();
  tell_levels(now);
}

// A place that was lost and won again meanwhile is no news.
void RouterSpeakers::tell_loudest() {
  for (const SpeakerId id : std::exchange(undecided_, {})) {
    const auto found = microphones_.find(id);
    if (found == microphones_.end()) continue;
    const bool loud = places_ == 0 || loudest_.loud(id);
    if (std::exchange(found->second.told_loud, loud) == loud) continue;
    const std::string producer = found->second.producer_id;  // the callback may close it
    on_loudest_.tell(producer, loud);
  }
}

void RouterSpeakers::tell_dominant() {
  SpeakerLevel told;
  const auto found = dominant_.current() ? microphones_.find(*dominant_.current()) : microphones_.end();
  if (found != microphones_.end()) {
    told = {
        .producer_id = found->second.producer_id, .minus_dbov = found->second.minus_dbov, .voice = found->second.voice};
  }
  on_dominant_.tell(told);
}

// Reports come at their own pace, half of which is near enough to the interval. When the last one has fallen silent no
// more of them come: the end is told with it.
void RouterSpeakers::tell_levels(Instant now) {
  if (all_silent()) heard_.clear();
  if (!on_levels_ || (heard_.empty() && !told_levels_)) return;
  if (now + kLeastInterval / 2 < levels_due_ && !all_silent()) return;
  levels_due_ = now + interval_;
  std::vector<SpeakerLevel> levels;
  for (const SpeakerId id : std::exchange(heard_, {})) {
    const auto found = microphones_.find(id);
    if (found == microphones_.end()) continue;
    levels.push_back(found->second.loudest);
    levels.back().producer_id = found->second.producer_id;
  }
  told_levels_ = !levels.empty();
  on_levels_.tell(levels);
}

// Callbacks do not run inside of the plugin's own calls.
void RouterSpeakers::conclude_soon() {
  if (std::exchange(concluding_soon_, true)) return;
  loop_.post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    self->concluding_soon_ = false;
    self->conclude(self->loop_.now());
  });
}

}  // namespace sluice
