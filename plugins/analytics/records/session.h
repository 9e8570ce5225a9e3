#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "records/person.h"
#include "records/record_options.h"
#include "sluice/contracts/livestream.h"
#include "sluice/contracts/media_taps.h"
#include "sluice/contracts/room_stats.h"

namespace sluice::analytics {

/// What a room is for.
enum class Presenting : std::uint8_t { recording, streaming };

/// One run of a room with people in it, from its first join (of a meeting: its start) to its end. Time is a parameter.
class Session {
 public:
  /// Who was heard within this time speaks now.
  static constexpr std::chrono::seconds kSpeaking{2};

  Session(SessionId id, const Room& room, Moment now);

  void joined(Participant& participant, const RecordOptions& options, Moment now);
  void left(std::string_view participant_id, const RecordOptions& options, Moment now);
  void away(std::string_view participant_id, const RecordOptions& options, Moment now);
  void returned(std::string_view participant_id, const RecordOptions& options, Moment now);
  /// Its name or role may be another one.
  void updated(const Participant& participant);
  /// A track that is published, paused or resumed; `ended`: it is gone.
  void track(const PublishedTrack& track, bool ended, const RecordOptions& options, Moment now);
  void heard(std::span<const Voice> voices, Duration interval, const RecordOptions& options, Instant now);
  void said(std::string_view user_id);
  void reacted(std::string_view participant_id);
  void hand_raised(std::string_view participant_id);
  void presenting(Presenting what, std::string_view id, bool begins, const RecordOptions& options, Moment now);
  void audience(const StreamAudience& audience);
  void belongs_to(const std::string& meeting_id);
  /// Its meeting is deleted.
  void erase();
  /// Nothing goes on from now on. Once.
  void end(std::string_view reason, Moment now);

  [[nodiscard]] SessionId id() const noexcept { return row_.id; }
  [[nodiscard]] const std::string& meeting_id() const noexcept { return row_.meeting_id; }
  /// nothing: it is not here, or there were too many.
  [[nodiscard]] std::optional<PersonNumber> person_of(std::string_view participant_id) const;
  /// How many people speak.
  [[nodiscard]] std::size_t speaking(Instant now) const;
  [[nodiscard]] bool screen_shown() const noexcept { return screen_.active(); }
  /// Since when nothing happens in it: nobody is there, nothing is recorded or streamed.
  [[nodiscard]] std::optional<Moment> empty_since() const noexcept {
    return recording_.active() || streaming_.active() ? std::nullopt : empty_since_;
  }
  [[nodiscard]] SessionRow row(Moment now) const;
  [[nodiscard]] std::vector<PersonRow> people(Moment now) const;

  /// What is new since the last time. The session's own row: always where `touch` says so.
  void take_changes(SessionChanges& changes, Moment now, bool touch);

 private:
  struct Seat {
    std::optional<std::size_t> person;  // nothing: too many people
    bool away = false;
  };
  struct Shown {
    std::string participant_id;
    TrackSource source;
  };
  Seat* find_seat(std::string_view participant_id);
  Person* person_at(const Seat& seat) { return seat.person ? &people_[*seat.person] : nullptr; }
  Person* person_in(std::string_view participant_id);
  std::optional<std::size_t> enter(const Participant& participant, const RecordOptions& options, Moment now);
  void count_until(Instant now);
  void show(const PublishedTrack& track, const RecordOptions& options, Moment now);
  void hide(std::string_view producer_id, const RecordOptions& options, Moment now);
  void note(EventKind kind, const Person* person, const RecordOptions& options, Moment now);

  SessionRow row_;  // what does not go on by itself
  Instant started_;
  Instant counted_until_;
  Duration attended_{};
  std::optional<Moment> empty_since_;
  std::map<std::string, Seat, std::less<>> seats_;         // by participant
  std::map<std::string, std::size_t, std::less<>> known_;  // people by user
  std::vector<Person> people_;
  std::map<std::string, Shown, std::less<>> shown_;  // cameras and screens by producer
  std::map<Presenting, std::set<std::string, std::less<>>> under_way_;
  ActiveTime screen_;
  ActiveTime recording_;
  ActiveTime streaming_;
  std::int64_t events_ = 0;
  std::vector<EventRow> new_events_;
  bool changed_ = true;
};

}  // namespace sluice::analytics
