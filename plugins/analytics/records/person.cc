#include "records/person.h"

#include <algorithm>
#include <utility>

namespace sluice::analytics {

Person::Person(PersonNumber number, const Participant& participant, Moment now) {
  row_.number = number;
  row_.user_id = participant.identity().user_id;
  row_.guest = participant.identity().guest;
  row_.first_joined_at = unix_ms(now.wall);
}

void Person::call_it(const std::string& name, std::string role) {
  if (row_.name == name && row_.role == role) return;
  row_.name = name;
  row_.role = std::move(role);
  changed = true;
}

void Person::seated(Moment now) {
  ++row_.joins;
  row_.devices = std::max(row_.devices, ++seats_);
  row_.last_left_at.reset();
  present_.add(now.at);
  watch_absence(now.at);
}

void Person::away(Instant now) {
  ++row_.aways;
  present_.remove(now);
  watch_absence(now);
}

void Person::returned(Instant now) {
  present_.add(now);
  watch_absence(now);
}

void Person::left(Moment now, bool was_away) {
  if (!was_away) present_.remove(now.at);
  if (--seats_ == 0) row_.last_left_at = unix_ms(now.wall);
  watch_absence(now.at);
}

void Person::watch_absence(Instant now) {
  changed = true;
  const bool absent = seats_ > 0 && !present_.active();
  if (absent == away_.active()) return;
  absent ? away_.add(now) : away_.end(now);
}

void Person::heard(Instant now, Duration interval) {
  if (heard_at_ && *heard_at_ == now) return;
  heard_at_ = now;
  talk_ += interval;
  changed = true;
}

void Person::end(Moment now) {
  if (seats_ > 0) row_.last_left_at = unix_ms(now.wall);
  seats_ = 0;
  for (ActiveTime* const one : {&present_, &away_, &camera, &screen}) one->end(now.at);
  changed = true;
}

PersonRow Person::row(Moment now) const {
  PersonRow row = row_;
  row.present_ms = milliseconds(present_.total(now.at));
  row.away_ms = milliseconds(away_.total(now.at));
  row.camera_ms = milliseconds(camera.total(now.at));
  row.screen_ms = milliseconds(screen.total(now.at));
  row.talk_ms = milliseconds(talk_);
  row.chat_messages = chat_messages;
  row.reactions = reactions;
  row.hands = hands;
  row.counted_at = unix_ms(now.wall);
  row.is_present = present_.active();
  row.is_away = away_.active();
  row.camera_on = camera.active();
  row.screen_on = screen.active();
  return row;
}

}  // namespace sluice::analytics
