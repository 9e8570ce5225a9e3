#pragma once

#include <optional>
#include <string>

#include "records/active_time.h"
#include "records/moment.h"
#include "records/rows.h"

namespace sluice::analytics {

/// Somebody in a session, by all of its connections together: two devices of one user are one person, who is there
/// while one of them is. A guest without a token is somebody else each time.
class Person {
 public:
  Person(PersonNumber number, const Participant& participant, Moment now);

  void seated(Moment now);
  /// Its connection is lost; it keeps the seat.
  void away(Instant now);
  void returned(Instant now);
  void left(Moment now, bool was_away);
  /// It is heard for `interval`, which ends now. Two devices that hear the same count once.
  void heard(Instant now, Duration interval);
  /// The session is over: nothing goes on.
  void end(Moment now);

  [[nodiscard]] PersonRow row(Moment now) const;
  [[nodiscard]] PersonNumber number() const noexcept { return row_.number; }
  [[nodiscard]] bool spoke_since(Instant since) const noexcept { return heard_at_ && *heard_at_ >= since; }
  [[nodiscard]] Duration talk() const noexcept { return talk_; }

  ActiveTime camera;
  ActiveTime screen;
  std::int64_t chat_messages = 0;
  std::int64_t reactions = 0;
  std::int64_t hands = 0;
  bool changed = true;  ///< since it was written last

  void call_it(const std::string& name, std::string role);

 private:
  void watch_absence(Instant now);

  PersonRow row_;  // what does not go on by itself
  std::int64_t seats_ = 0;
  ActiveTime present_;
  ActiveTime away_;
  Duration talk_{};
  std::optional<Instant> heard_at_;
};

}  // namespace sluice::analytics
