#include "records/session.h"

#include <algorithm>
#include <utility>

#include "records/engagement.h"

namespace sluice::analytics {

namespace {

// What one room records and streams at once is little; more than that is not told apart.
constexpr std::size_t kMostUnderWay = 100;

std::string role_name(Role role) { return std::string{to_json(role).as_string()}; }

bool speaks(const Voice& voice, const RecordOptions& options) noexcept {
  return voice.minus_dbov <= (voice.voice ? options.quietest_speech_dbov : options.quietest_plain_dbov);
}

}  // namespace

Session::Session(SessionId id, const Room& room, Moment now)
    : started_{now.at}, counted_until_{now.at}, empty_since_{now} {
  row_.id = id;
  row_.tenant = room.tenant();
  row_.room_id = room.id();
  row_.room_name = room.name();
  row_.started_at = unix_ms(now.wall);
}

Session::Seat* Session::find_seat(std::string_view participant_id) {
  const auto found = seats_.find(participant_id);
  return found == seats_.end() ? nullptr : &found->second;
}

Person* Session::person_in(std::string_view participant_id) {
  const Seat* const seat = find_seat(participant_id);
  return seat == nullptr ? nullptr : person_at(*seat);
}

std::optional<PersonNumber> Session::person_of(std::string_view participant_id) const {
  const auto found = seats_.find(participant_id);
  if (found == seats_.end() || !found->second.person) return std::nullopt;
  return people_[*found->second.person].number();
}

void Session::joined(Participant& participant, const RecordOptions& options, Moment now) {
  if (seats_.contains(participant.id())) return;
  count_until(now.at);
  const Seat seat{.person = enter(participant, options, now)};
  seats_.emplace(participant.id(), seat);
  empty_since_.reset();
  ++row_.joins;
  if (!seat.person) ++row_.left_out;
  row_.peak = std::max(row_.peak, static_cast<std::int64_t>(seats_.size()));
  Person* const person = person_at(seat);
  if (person != nullptr) person->seated(now);
  note(EventKind::joined, person, options, now);
}

std::optional<std::size_t> Session::enter(const Participant& participant, const RecordOptions& options, Moment now) {
  const std::string& user = participant.identity().user_id;
  auto found = known_.find(user);
  if (found == known_.end()) {
    if (people_.size() >= static_cast<std::size_t>(options.people)) return std::nullopt;
    found = known_.emplace(user, people_.size()).first;
    people_.emplace_back(static_cast<PersonNumber>(people_.size() + 1), participant, now);
  }
  people_[found->second].call_it(participant.name(), role_name(participant.role()));
  return found->second;
}

void Session::left(std::string_view participant_id, const RecordOptions& options, Moment now) {
  const auto found = seats_.find(participant_id);
  if (found == seats_.end()) return;
  count_until(now.at);
  std::vector<std::string> shown;
  for (const auto& [producer, one] : shown_) {
    if (one.participant_id == participant_id) shown.push_back(producer);
  }
  for (const std::string& producer : shown) hide(producer, options, now);
  const Seat seat = found->second;
  seats_.erase(found);
  if (seats_.empty()) empty_since_ = now;
  Person* const person = person_at(seat);
  if (person != nullptr) person->left(now, seat.away);
  note(EventKind::left, person, options, now);
}

void Session::away(std::string_view participant_id, const RecordOptions& options, Moment now) {
  Seat* const seat = find_seat(participant_id);
  if (seat == nullptr || std::exchange(seat->away, true)) return;
  Person* const person = person_at(*seat);
  if (person != nullptr) person->away(now.at);
  note(EventKind::away, person, options, now);
}

void Session::returned(std::string_view participant_id, const RecordOptions& options, Moment now) {
  Seat* const seat = find_seat(participant_id);
  if (seat == nullptr || !std::exchange(seat->away, false)) return;
  Person* const person = person_at(*seat);
  if (person != nullptr) person->returned(now.at);
  note(EventKind::returned, person, options, now);
}

void Session::updated(const Participant& participant) {
  Person* const person = person_in(participant.id());
  if (person != nullptr) person->call_it(participant.name(), role_name(participant.role()));
}

void Session::track(const PublishedTrack& track, bool ended, const RecordOptions& options, Moment now) {
  if (track.kind != MediaKind::video) return;
  ended || track.paused ? hide(track.producer_id, options, now) : show(track, options, now);
}

void Session::show(const PublishedTrack& track, const RecordOptions& options, Moment now) {
  if (find_seat(track.participant_id) == nullptr) return;
  const bool known = !shown_.emplace(track.producer_id, Shown{track.participant_id, track.source}).second;
  if (known) return;
  Person* const person = person_in(track.participant_id);
  const bool is_screen = track.source == TrackSource::screen;
  if (person != nullptr) {
    (is_screen ? person->screen : person->camera).add(now.at);
    person->changed = true;
  }
  if (!is_screen) return;
  screen_.add(now.at);
  note(EventKind::screen_started, person, options, now);
}

void Session::hide(std::string_view producer_id, const RecordOptions& options, Moment now) {
  const auto found = shown_.find(producer_id);
  if (found == shown_.end()) return;
  const Shown shown = found->second;
  shown_.erase(found);
  Person* const person = person_in(shown.participant_id);
  const bool is_screen = shown.source == TrackSource::screen;
  if (person != nullptr) {
    (is_screen ? person->screen : person->camera).remove(now.at);
    person->changed = true;
  }
  if (!is_screen) return;
  screen_.remove(now.at);
  note(EventKind::screen_stopped, person, options, now);
}

void Session::heard(std::span<const Voice> voices, Duration interval, const RecordOptions& options, Instant now) {
  for (const Voice& voice : voices) {
    Person* const person = speaks(voice, options) ? person_in(voice.participant_id) : nullptr;
    if (person != nullptr) person->heard(now, interval);
  }
}

void Session::said(std::string_view user_id) {
  ++row_.chat_messages;
  changed_ = true;
  const auto found = known_.find(user_id);
  if (found == known_.end()) return;
  Person& person = people_[found->second];
  ++person.chat_messages;
  person.changed = true;
}

void Session::reacted(std::string_view participant_id) {
  ++row_.reactions;
  changed_ = true;
  Person* const person = person_in(participant_id);
  if (person == nullptr) return;
  ++person->reactions;
  person->changed = true;
}

void Session::hand_raised(std::string_view participant_id) {
  ++row_.hands;
  changed_ = true;
  Person* const person = person_in(participant_id);
  if (person == nullptr) return;
  ++person->hands;
  person->changed = true;
}

void Session::presenting(Presenting what, std::string_view id, bool begins, const RecordOptions& options, Moment now) {
  auto& ids = under_way_[what];
  ActiveTime& time = what == Presenting::recording ? recording_ : streaming_;
  if (begins) {
    if (ids.size() >= kMostUnderWay || !ids.emplace(id).second) return;
    time.add(now.at);
  } else {
    const auto found = ids.find(id);
    if (found == ids.end()) return;
    ids.erase(found);
    time.remove(now.at);
  }
  if (seats_.empty()) empty_since_ = now;
  using enum EventKind;
  const EventKind kind = what == Presenting::recording ? (begins ? recording_started : recording_stopped)
                                                       : (begins ? stream_started : stream_stopped);
  note(kind, nullptr, options, now);
}

void Session::audience(const StreamAudience& audience) {
  row_.viewers_peak = std::max(row_.viewers_peak, static_cast<std::int64_t>(audience.peak));
  row_.viewers_in_all = std::max(row_.viewers_in_all, static_cast<std::int64_t>(audience.in_all));
  changed_ = true;
}

void Session::belongs_to(const std::string& meeting_id) {
  if (row_.meeting_id == meeting_id) return;
  row_.meeting_id = meeting_id;
  changed_ = true;
}

void Session::erase() {
  row_.erased = true;
  changed_ = true;
}

void Session::end(std::string_view reason, Moment now) {
  count_until(now.at);
  seats_.clear();
  shown_.clear();
  for (Person& person : people_) person.end(now);
  for (ActiveTime* const one : {&screen_, &recording_, &streaming_}) one->end(now.at);
  row_.ended_at = unix_ms(now.wall);
  row_.reason = reason;
  row_.engagement = count_engagement(people(now), milliseconds(now.at - started_));
  changed_ = true;
}

void Session::count_until(Instant now) {
  attended_ += (now - counted_until_) * static_cast<std::int64_t>(seats_.size());
  counted_until_ = now;
  changed_ = true;
}

void Session::note(EventKind kind, const Person* person, const RecordOptions& options, Moment now) {
  changed_ = true;
  if (events_ >= options.events) return;
  new_events_.push_back({.session = row_.id,
                         .number = ++events_,
                         .at = unix_ms(now.wall),
                         .kind = kind,
                         .person = person == nullptr ? 0 : person->number(),
                         .participants = static_cast<std::int64_t>(seats_.size())});
}

}  // namespace sluice::analytics
