#include "plugins/recording/journal.h"

#include <doctest/doctest.h>

#include <fstream>
#include <random>

#include "temporary_folder.h"

namespace sluice::recording {
namespace {

using testing::TemporaryFolder;

std::string write(const TemporaryFolder& folder, std::string_view text) {
  std::ofstream{folder / kJournalFile, std::ios::binary} << text;
  return folder / kJournalFile;
}

SessionBegan began() {
  return {.recording_id = "r1",
          .tenant = "acme",
          .room_id = "lobby",
          .meeting_id = "",
          .wall_time_ms = 1'700'000'000'000,
          .settings = {.format = Format::webm, .title = "Stand-up"}};
}

/// One of each.
std::vector<JournalEntry> all_entries() {
  return {began(),
          ParticipantCame{.at_us = 1, .participant = "p1", .name = "Anna \"\n\u00e9"},
          TrackBegan{.at_us = 2,
                     .track = "t1",
                     .file = "t1.mkv",
                     .participant = "p1",
                     .kind = MediaKind::video,
                     .source = TrackSource::screen,
                     .codec = "vp8",
                     .clock_rate = 90'000,
                     .first_timestamp = 4'294'967'295 + 7},
          ClockSeen{.track = "t1", .timestamp = -3, .arrival_us = 3, .ntp = "18446744073709551615"},
          ClockSeen{.track = "t1", .timestamp = 9, .arrival_us = 4},
          TrackPaused{.at_us = 4, .track = "t1", .paused = true},
          PictureTurned{.at_us = 4, .track = "t1", .timestamp = 4'294'967'296, .degrees = 270},
          SpeakerLed{.at_us = 5, .participant = ""},
          LayoutChanged{.at_us = 6, .layout = Layout::speaker},
          ChatSaid{.at_us = 7, .name = "Ben", .text = "hello"},
          SessionPaused{8},
          SessionResumed{9},
          TrackEnd{.at_us = 10, .track = "t1"},
          ParticipantWent{.at_us = 11, .participant = "p1"},
          SessionEnded{.at_us = 12, .reason = "stopped"}};
}

std::string text_of(const std::vector<JournalEntry>& entries) {
  std::string text;
  for (const JournalEntry& entry : entries) text += to_line(entry);
  return text;
}

std::string error_of(const std::string& path) {
  try {
    (void)read_journal(path);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a line of the journal is JSON with its type first") {
  CHECK(to_line(TrackPaused{.at_us = 5, .track = "t1", .paused = true}) ==
        "{\"type\":\"trackPaused\",\"atUs\":5,\"track\":\"t1\",\"paused\":true}\n");
}

TEST_CASE("what is written to a journal is read back") {
  const TemporaryFolder folder;
  const auto entries = all_entries();
  const auto read = read_journal(write(folder, text_of(entries)));
  REQUIRE(read.size() == entries.size());
  for (std::size_t i = 0; i < read.size(); ++i) CHECK(to_line(read[i]) == to_line(entries[i]));
  CHECK(std::get<ClockSeen>(read[3]).ntp == "18446744073709551615");
  CHECK_FALSE(std::get<ClockSeen>(read[4]).ntp.has_value());
  CHECK(std::get<SessionBegan>(read[0]).settings.title == "Stand-up");
}

TEST_CASE("wherever the process was killed, the whole lines before are read") {
  const TemporaryFolder folder;
  const std::string first = to_line(began());
  const std::string second = to_line(ChatSaid{.at_us = 1, .name = "Anna", .text = "hi"});
  const std::string text = first + second + to_line(SessionEnded{.at_us = 2, .reason = "stopped"});
  for (std::size_t length = first.size(); length <= text.size(); ++length) {
    CAPTURE(length);
    const std::size_t lines = length < first.size() + second.size() ? 1 : length < text.size() ? 2 : 3;
    CHECK(read_journal(write(folder, text.substr(0, length))).size() == lines);
  }
  for (std::size_t length = 0; length < first.size(); ++length) {
    CHECK(error_of(write(folder, text.substr(0, length))).find("empty") != std::string::npos);
  }
}

TEST_CASE("blocks that a file system has never written leave the lines before them") {
  const TemporaryFolder folder;
  CHECK(read_journal(write(folder, to_line(began()) + std::string(4'096, '\0'))).size() == 1);
}

TEST_CASE("damage before the end is an error that names the line") {
  const TemporaryFolder folder;
  const std::string end = to_line(SessionEnded{});
  for (const std::string_view damaged :
       {"\n", "{}\n", "[1]\n", "7\n", "{\"type\":3}\n", "{\"type\":\"nothing\"}\n", "{\"type\":\"chatSaid\"}\n",
        "{\"type\":\"trackEnd\",\"atUs\":\"1\",\"track\":\"t\"}\n",
        "{\"type\":\"layoutChanged\",\"atUs\":1,\"layout\":\"round\"}\n"}) {
    CAPTURE(damaged);
    const std::string error = error_of(write(folder, to_line(began()) + std::string{damaged} + end));
    CHECK(error.find("line 2: ") != std::string::npos);
  }
}

TEST_CASE("a journal that is missing, begins otherwise or is of another version is refused") {
  const TemporaryFolder folder;
  CHECK(error_of(folder / "nothing").find("cannot be opened") != std::string::npos);
  CHECK(error_of(write(folder, "")).find("empty") != std::string::npos);
  CHECK(error_of(write(folder, to_line(SessionEnded{}))).find("sessionBegan") != std::string::npos);

  SessionBegan other = began();
  other.version = 2;
  CHECK(error_of(write(folder, to_line(other))).find("version 2") != std::string::npos);
  CHECK(error_of(write(folder, "{\"type\":\"sessionBegan\",\"version\":3}\n")).find("version 3") != std::string::npos);
}

TEST_CASE("a line is at most 64 kB long, written and read") {
  const TemporaryFolder folder;
  ChatSaid said{.at_us = 1, .name = "Anna", .text = ""};
  const std::size_t frame = to_line(said).size();
  said.text.assign(kMaxJournalLine - frame, 'x');
  CHECK(to_line(said).size() == kMaxJournalLine);
  CHECK(read_journal(write(folder, to_line(began()) + to_line(said))).size() == 2);

  const std::string longer = to_line(said).insert(frame - 4, "x");
  CHECK(error_of(write(folder, to_line(began()) + longer)).find("line 2: too long") != std::string::npos);
  said.text.push_back('x');
  CHECK_THROWS_AS((void)to_line(said), std::length_error);
}

TEST_CASE("a name that is no UTF-8 does not cost the session") {
  const TemporaryFolder folder;
  const auto read = read_journal(
      write(folder, to_line(began()) + to_line(ParticipantCame{.at_us = 1, .participant = "p1", .name = "\xff\xfe"})));
  CHECK(std::get<ParticipantCame>(read.at(1)).name == "\xff\xfe");
}

TEST_CASE("a damaged journal is read or refused, never worse") {
  const TemporaryFolder folder;
  const std::string whole = text_of(all_entries());
  std::mt19937 chance{6};
  std::size_t refused = 0;
  for (int round = 0; round < 400; ++round) {
    std::string text = whole;
    const std::size_t at = chance() % text.size();
    switch (chance() % 3) {
      case 0:
        text[at] = static_cast<char>(chance());
        break;
      case 1:
        text.erase(at, chance() % 40);
        break;
      default:
        text.insert(at, text.substr(chance() % text.size(), chance() % 40));
        break;
    }
    refused += error_of(write(folder, text)).empty() ? 0 : 1;
  }
  CHECK(refused > 200);
  CHECK(refused < 400);
}

}  // namespace sluice::recording
