#include "plugins/recording/capture_session.h"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <random>

#include "session_rig.h"

namespace sluice::recording {
namespace {

using namespace std::chrono_literals;
using testing::FakeTapReader;
using testing::PacketSource;
using testing::TemporaryFolder;

/// No file of this process may grow beyond; a disk that is full says ENOSPC, this one EFBIG.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_{std::signal(SIGXFSZ, SIG_IGN)} {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

}  // namespace

TEST_CASE("a track's frames are in its file, its place in time in the journal") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  rig.now += 300ms;
  anna.send(3s);
  rig.end();
  CHECK(rig.session().closed());
  CHECK(notices<FilesClosed>(*rig.link).size() == 1);

  const auto began = entries<TrackBegan>(folder / kJournalFile);
  REQUIRE(began.size() == 2);
  CHECK(began[0].track == "t1");
  CHECK(began[0].file == "t1.mkv");
  CHECK(began[0].codec == "vp8");
  CHECK(began[0].clock_rate == 90'000);
  CHECK(began[0].first_timestamp == 0xffff'f000);
  CHECK(began[0].at_us == 300'000);
  CHECK(began[0].source == TrackSource::webcam);
  CHECK(began[1].codec == "opus");
  CHECK(began[1].participant == "anna");

  const auto video = packets_of(folder / "t1.mkv");
  REQUIRE(video.size() == 75);
  CHECK(video.front().pts == 0us);
  CHECK(video.front().key_frame);
  CHECK(video.back().pts == 74 * 40ms);  // over the wrap of its timestamps
  CHECK(packets_of(folder / "t2.mkv").size() == 150);

  const auto seen = entries<ClockSeen>(folder / kJournalFile);
  REQUIRE_FALSE(seen.empty());
  CHECK(seen.front().arrival_us == 300'000);
  const auto ended = entries<TrackEnd>(folder / kJournalFile);
  REQUIRE(ended.size() == 2);
  CHECK(ended[0].at_us == 3'300'000);
  CHECK(entries<SessionEnded>(folder / kJournalFile).at(0).reason == "stopped");
  CHECK(rig.link->bytes > 75 * 3'000);
  CHECK_FALSE(std::filesystem::exists(folder / JournalWriter::kReserveFile));
}

TEST_CASE("what is older than a second can be read while the capture goes on") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  anna.send(5s);
  CHECK(packets_of(folder / "t1.mkv").size() >= 4 * 25 - 2);
  CHECK(packets_of(folder / "t2.mkv").size() >= 4 * 50 - 4);
  CHECK(entries<TrackBegan>(folder / kJournalFile).size() == 2);
}

TEST_CASE("a video track asks for the key frame that it begins with, once a second") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  const auto reader = rig.add(7, MediaKind::video);
  rig.drain();
  CHECK(notices<KeyFrameWanted>(*rig.link).empty());  // nothing has come

  PacketSource camera{kVp8};
  std::uint32_t timestamp = 0;
  const auto send = [&](bool key_frame) {
    for (auto& packet : camera.vp8(timestamp += 3'600, key_frame)) {
      reader->waiting.push_back({.rtp = std::move(packet), .arrival = rig.now});
    }
    rig.drain();
    rig.now += 40ms;
  };
  for (int i = 0; i < 50; ++i) send(false);
  const auto wanted = notices<KeyFrameWanted>(*rig.link);
  REQUIRE(wanted.size() == 2);
  CHECK(wanted[0].number == 7);
  send(true);
  for (int i = 0; i < 50; ++i) send(false);
  CHECK(notices<KeyFrameWanted>(*rig.link).empty());

  SUBCASE("and the one that mends a loss") {
    camera.lose();
    for (int i = 0; i < 25; ++i) send(false);
    CHECK(notices<KeyFrameWanted>(*rig.link).size() == 1);
    CHECK(rig.link->lost_frames > 0);
  }
}

TEST_CASE("another codec is another file") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  anna.send(1s);
  PacketSource other{kVp9};
  anna.enter(*anna.video, other.vp9_key(123'456));
  rig.now += 40ms;
  rig.drain();
  anna.enter(*anna.video, anna.camera.vp8(7, true, 500).front());
  rig.end();

  const auto tracks = entries<TrackBegan>(folder / kJournalFile);
  REQUIRE(tracks.size() == 4);
  CHECK(tracks[2].track == "t1-2");
  CHECK(tracks[2].codec == "vp9");
  CHECK(tracks[2].first_timestamp == 123'456);
  CHECK(tracks[3].track == "t1-3");
  CHECK(packets_of(folder / "t1.mkv").size() == 25);
  CHECK(packets_of(folder / "t1-2.mkv").size() == 1);
  CHECK(packets_of(folder / "t1-3.mkv").size() == 1);
  CHECK(entries<TrackEnd>(folder / kJournalFile).size() == 4);
}

TEST_CASE("a sender that changes its codec all the time fills no folder") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  PacketSource other{kVp9};
  for (std::uint32_t i = 1; i < 100; ++i) {
    anna.enter(*anna.video, anna.camera.vp8(i * 9'000, true, 500).front());
    anna.enter(*anna.video, other.vp9_key(i * 9'000 + 3'000));
    rig.now += 40ms;
    rig.drain();
  }
  rig.end();
  CHECK(entries<TrackBegan>(folder / kJournalFile).size() == 16);
}

TEST_CASE("payloads that nobody can write are no gap") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  anna.send(400ms);
  auto noise = anna.microphone.opus(1);
  noise[1] = 13;  // comfort noise, RFC 3389
  anna.enter(*anna.audio, noise);
  anna.send(400ms);
  rig.drain();
  CHECK(rig.link->lost_frames == 0);
  rig.end();
  CHECK(packets_of(folder / "t2.mkv").size() == 40);
}

TEST_CASE("a track that is switched off says so under the name that it has") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  const auto off = [&](bool paused) { rig.tell(TrackOff{.at_us = rig.at_us(), .number = 1, .paused = paused}); };
  off(true);  // there is no file yet
  off(false);
  anna.send(1s);
  off(true);
  off(true);
  rig.end();
  const auto paused = entries<TrackPaused>(folder / kJournalFile);
  REQUIRE(paused.size() == 1);
  CHECK(paused[0].track == "t1");
  CHECK(paused[0].at_us == 1'000'000);
  CHECK(paused[0].paused);
}

TEST_CASE("a track that is over is read to its end, and its file is finished") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  anna.send(1s);
  for (auto& packet : anna.camera.vp8(90'000, false)) anna.enter(*anna.video, std::move(packet));
  rig.tell(TrackOver{.at_us = rig.at_us(), .number = 1});
  rig.drain();
  CHECK(packets_of(folder / "t1.mkv").size() == 26);
  CHECK(anna.video.use_count() == 1);
  CHECK(entries<TrackEnd>(folder / kJournalFile).size() == 1);
}

TEST_CASE("with too little room on the disk nothing more is written, and what was is whole") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path(), 500'000'000};
  Sender anna{rig};
  anna.send(2s);
  CHECK(notices<TroubleSeen>(*rig.link).empty());
  rig.free = 499'000'000;
  anna.send(3s);
  const auto trouble = notices<TroubleSeen>(*rig.link);
  REQUIRE(trouble.size() == 1);
  CHECK(trouble[0].trouble == CaptureTrouble::disk_full);
  CHECK(trouble[0].text.find("499 MB are free, 500 MB must be") != std::string::npos);
  CHECK(trouble[0].text.find(folder.path().string()) != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder / JournalWriter::kReserveFile));

  rig.end("stopped");
  const std::size_t frames = packets_of(folder / "t1.mkv").size();
  CHECK(frames >= 50);
  CHECK(frames <= 76);
  CHECK(entries<TrackEnd>(folder / kJournalFile).size() == 2);
  CHECK(entries<SessionEnded>(folder / kJournalFile).size() == 1);
}

TEST_CASE("a disk that takes no more keeps what was flushed, and the journal says when") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  {
    const FileSizeLimit limit{400'000};  // of five seconds of the camera; the journal is far below
    anna.send(10s);
  }
  const auto trouble = notices<TroubleSeen>(*rig.link);
  REQUIRE(trouble.size() == 1);
  CHECK(trouble[0].trouble == CaptureTrouble::disk_full);
  CHECK(trouble[0].text.find("cannot be written to") != std::string::npos);
  rig.end();
  CHECK(packets_of(folder / "t1.mkv").size() >= 75);
  const auto ended = entries<TrackEnd>(folder / kJournalFile);
  REQUIRE(ended.size() == 2);
  CHECK(ended[0].at_us >= 4'000'000);
  CHECK(ended[0].at_us <= 6'500'000);
  CHECK(entries<SessionEnded>(folder / kJournalFile).at(0).at_us == 10'000'000);
}

TEST_CASE("a track may end in the moment in which the disk takes no more") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  anna.send(2s);
  const std::uint64_t before = rig.link->bytes;
  {
    const FileSizeLimit limit{1'000};
    for (auto& packet : anna.camera.vp8(180'000, true)) anna.enter(*anna.video, std::move(packet));
    rig.tell(TrackOver{.at_us = rig.at_us(), .number = 1});
    rig.drain();
  }
  REQUIRE(notices<TroubleSeen>(*rig.link).size() == 1);
  CHECK(rig.link->bytes >= before);
  CHECK(rig.link->bytes < before + 100'000);  // counted once
  rig.end();
  CHECK(entries<SessionEnded>(folder / kJournalFile).size() == 1);
}

TEST_CASE("a folder that is gone ends the writing, not the session") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  std::filesystem::remove_all(folder.path());
  anna.send(1s);
  CHECK(notices<TroubleSeen>(*rig.link).size() == 1);
  rig.end();
  CHECK(rig.session().closed());
}

TEST_CASE("a slow disk is told once, and once that it is over") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  anna.send(1s);
  anna.video->lost = 10;
  anna.send(1s);
  anna.video->lost = 20;
  anna.send(5s);
  auto trouble = notices<TroubleSeen>(*rig.link);
  REQUIRE(trouble.size() == 1);
  CHECK(trouble[0].trouble == CaptureTrouble::disk_slow);
  CHECK(rig.link->dropped_packets == 20);

  anna.send(4s);
  CHECK(notices<TroubleSeen>(*rig.link).empty());
  anna.send(2s);
  trouble = notices<TroubleSeen>(*rig.link);
  REQUIRE(trouble.size() == 1);
  CHECK(trouble[0].trouble == CaptureTrouble::none);

  rig.tell(TrackOver{.at_us = rig.at_us(), .number = 1});
  rig.drain();
  CHECK(rig.link->dropped_packets == 20);
  CHECK(notices<TroubleSeen>(*rig.link).empty());
}

TEST_CASE("a journal that is very long takes what is needed to read the rest alone") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  const ChatSaid long_text{.at_us = 0, .name = "Anna", .text = std::string(60'000, 'x')};
  for (int i = 0; i < 1'300; ++i) {
    rig.tell(long_text);
    if (i % 100 == 0) rig.drain();
  }
  rig.tell(SessionPaused{1});
  rig.tell(SessionResumed{2});
  rig.end();
  const auto size = std::filesystem::file_size(folder / kJournalFile);
  CHECK(size > JournalWriter::kManyBytes);
  CHECK(size < JournalWriter::kManyBytes + 2 * kMaxJournalLine);
  CHECK(entries<SessionPaused>(folder / kJournalFile).size() == 1);
  CHECK(entries<SessionResumed>(folder / kJournalFile).size() == 1);
  CHECK(entries<SessionEnded>(folder / kJournalFile).size() == 1);
}

TEST_CASE("a session that nobody has ended is ended with the process") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  anna.send(1s);
  rig.session().close("gateway_stopped");
  CHECK(packets_of(folder / "t1.mkv").size() == 25);
  CHECK(entries<SessionEnded>(folder / kJournalFile).at(0).reason == "gateway_stopped");
}

TEST_CASE("whatever a sender sends, the session goes on") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  std::mt19937 chance{6};
  for (int round = 0; round < 2'000; ++round) {
    auto packets = anna.camera.vp8(chance(), chance() % 3 == 0, 10 + chance() % 3'000);
    for (auto& packet : packets) {
      if (chance() % 2 == 0) packet[chance() % packet.size()] = static_cast<std::uint8_t>(chance());
      if (chance() % 16 == 0) packet.resize(chance() % packet.size());
      const TappedClock clock{.ntp = chance(), .rtp = RtpTimestamp{static_cast<std::uint32_t>(chance())}};
      anna.video->waiting.push_back({.rtp = std::move(packet), .arrival = rig.now, .clock = clock});
    }
    auto sound = anna.microphone.opus(chance(), 1 + chance() % 1'500);
    sound[chance() % sound.size()] = static_cast<std::uint8_t>(chance());
    anna.enter(*anna.audio, std::move(sound));
    rig.now += 10ms;
    rig.drain();
  }
  rig.end();
  CHECK(notices<TroubleSeen>(*rig.link).empty());
  CHECK(rig.session().closed());
  CHECK(entries<SessionEnded>(folder / kJournalFile).size() == 1);
}

}  // namespace sluice::recording
