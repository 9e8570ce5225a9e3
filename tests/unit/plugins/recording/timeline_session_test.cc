#include "plugins/recording/timeline_session.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using namespace sluice::recording;

namespace {

constexpr std::int64_t kSecond = 1'000'000;

TrackBegan camera(std::string track, std::string participant, std::int64_t at_us) {
  return {.at_us = at_us,
          .track = std::move(track),
          .file = "track.mkv",
          .participant = std::move(participant),
          .kind = sluice::MediaKind::video,
          .source = sluice::TrackSource::webcam,
          .codec = "vp8",
          .clock_rate = 90'000,
          .first_timestamp = 1'000'000};
}

}  // namespace

TEST_CASE("a journal's entries are ordered by time, whatever order they were written in") {
  SessionBegan began;
  began.recording_id = "r";
  const std::vector<JournalEntry> entries{began, ParticipantWent{3 * kSecond, "anna"},
                                          ParticipantCame{1 * kSecond, "anna", "Anna"},
                                          SessionEnded{9 * kSecond, "stopped"}};
  const Session session = read_session(entries);
  CHECK(session.began.recording_id == "r");
  CHECK(session.ended == 9s);
  REQUIRE(session.changes.size() == 2);
  CHECK(std::holds_alternative<ParticipantCame>(session.changes[0]));
  CHECK(session.name_of("anna") == "Anna");
  CHECK(session.name_of("ben").empty());
  CHECK(session.count_participants() == 1);
}

TEST_CASE("a session that was cut off has no end, but a last entry") {
  const std::vector<JournalEntry> entries{SessionBegan{}, camera("t1", "anna", 0),
                                          ClockSeen{"t1", 1'000'000, 7 * kSecond, {}}};
  const Session session = read_session(entries);
  CHECK(!session.ended);
  CHECK(session.last_entry == 7s);
}

TEST_CASE("pauses of the session and of tracks are spans, an open one lasts") {
  const std::vector<JournalEntry> entries{SessionBegan{},
                                          camera("t1", "anna", 0),
                                          TrackPaused{1 * kSecond, "t1", true},
                                          TrackPaused{2 * kSecond, "t1", true},
                                          SessionPaused{3 * kSecond},
                                          SessionResumed{4 * kSecond},
                                          TrackPaused{5 * kSecond, "t1", false},
                                          TrackPaused{6 * kSecond, "t1", true},
                                          SessionPaused{7 * kSecond}};
  const Session session = read_session(entries);
  CHECK(session.pauses == std::vector<Span>{{3s, 4s}, {7s, MediaTime::max()}});
  CHECK(session.tracks[0].pauses == std::vector<Span>{{1s, 5s}, {6s, MediaTime::max()}});
  CHECK(session.tracks[0].is_paused(1s));
  CHECK(!session.tracks[0].is_paused(5s));
  CHECK(session.tracks[0].is_paused(100s));
}

TEST_CASE("what contradicts itself is left out") {
  const std::vector<JournalEntry> entries{SessionBegan{},
                                          TrackEnd{1 * kSecond, "nobody's"},
                                          TrackPaused{1 * kSecond, "nobody's", true},
                                          ClockSeen{"nobody's", 1, 1, {}},
                                          SessionResumed{2 * kSecond},
                                          camera("t1", "anna", 3 * kSecond),
                                          camera("t1", "ben", 4 * kSecond)};
  const Session session = read_session(entries);
  CHECK(session.pauses.empty());
  REQUIRE(session.tracks.size() == 1);
  CHECK(session.tracks[0].began.participant == "anna");
  CHECK(session.changes.size() == 1);
}

TEST_CASE("each stay of a participant has clocks of its own") {
  const std::vector<JournalEntry> entries{
      SessionBegan{},
      ParticipantCame{0, "anna", "Anna"},
      camera("t1", "anna", 0),
      camera("t2", "anna", 1),
      ParticipantWent{2 * kSecond, "anna"},
      ParticipantCame{5 * kSecond, "anna", "Anna"},
      camera("t3", "anna", 5 * kSecond),
  };
  const Session session = read_session(entries);
  CHECK(session.tracks[0].sender == session.tracks[1].sender);
  CHECK(session.tracks[2].sender != session.tracks[0].sender);
}

TEST_CASE("a frame of a track without any clock is laid where the journal saw the file begin") {
  const std::vector<JournalEntry> entries{SessionBegan{}, camera("t1", "anna", 2 * kSecond)};
  const Session session = read_session(entries);
  CHECK(session.time_of(session.tracks[0], 1'500ms) == 3'500ms);
}

TEST_CASE("a wall clock that is no number is none") {
  const std::vector<JournalEntry> entries{SessionBegan{}, camera("t1", "anna", 0),
                                          ClockSeen{"t1", 1'000'000, 100'000, "99999999999999999999999"},
                                          ClockSeen{"t1", 1'090'000, 1'100'000, "-1"}};
  CHECK_NOTHROW((void)read_session(entries));
}
