#include "core/media/speakers/speaker_watch.h"

#include <algorithm>

namespace sluice {

SpeakerWatch::Microphone::Microphone(SpeakerWatch& watch, SpeakerId id) : watch_{watch}, id_{id} {
  ++watch_.microphones_;
  watch_.active_.reserve(watch_.microphones_);
  watch_.reported_.reserve(std::min(watch_.microphones_, kMaxReports));
  watch_.reports_.reserve(std::min(watch_.microphones_, kMaxReports));
}

SpeakerWatch::Microphone::~Microphone() {
  watch_.strike(*this);
  --watch_.microphones_;
}

void SpeakerWatch::note(Microphone& microphone, bool onset, Instant now) noexcept {
  if (microphone.position_ == Microphone::kNotActive) {
    microphone.position_ = active_.size();
    active_.push_back(&microphone);
  }
  const Instant due = std::max(now, last_ + (onset ? kLeastInterval : kInterval));
  if (!next_ || due < *next_) next_ = due;
}

void SpeakerWatch::strike(Microphone& microphone) noexcept {
  if (microphone.position_ == Microphone::kNotActive) return;
  Microphone* const last = active_.back();
  active_[microphone.position_] = last;
  last->position_ = microphone.position_;
  active_.pop_back();
  microphone.position_ = Microphone::kNotActive;
}

void SpeakerWatch::gather(Instant now) noexcept {
  reported_.clear();
  reports_.clear();
  const std::size_t count = std::min(active_.size(), kMaxReports);
  for (std::size_t i = 0; i < count; ++i) {
    Microphone& microphone = *active_[(turn_ + i) % active_.size()];
    reported_.push_back(&microphone);
    reports_.push_back(microphone.activity_.report(microphone.id_, now));
  }
}

// Who has been reported as silent is not reported again.
void SpeakerWatch::finish(bool taken, Instant now) noexcept {
  if (taken) {
    for (std::size_t i = 0; i < reported_.size(); ++i) {
      if (reports_[i].activity.silent() && !reports_[i].heard()) strike(*reported_[i]);
    }
  }
  turn_ = active_.empty() ? 0 : (turn_ + reported_.size()) % active_.size();
  next_.reset();
  if (!active_.empty()) next_ = now + kInterval;
}

}  // namespace sluice
