#include "plugins/recording/capture_writer.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "session_rig.h"
#include "temporary_folder.h"

namespace sluice::recording {
namespace {

using namespace std::chrono_literals;
using testing::TemporaryFolder;

/// A session with two seconds of media in its queues.
void fill(SessionRig& rig, Sender& anna) {
  const Instant begin = rig.now;
  for (std::uint32_t i = 0; i < 50; ++i, rig.now += 40ms) {
    for (auto& packet : anna.camera.vp8(i * 3'600, i == 0)) anna.enter(*anna.video, std::move(packet));
    anna.enter(*anna.audio, anna.microphone.opus(i * 1'920));
  }
  CHECK(rig.now - begin == 2s);
}

}  // namespace

TEST_CASE("the writer's thread drains sessions until they are closed") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  fill(rig, anna);
  rig.tell(SessionOver{.at_us = rig.at_us(), .reason = "stopped"});

  CaptureWriter writer{WriterRuns::on_its_thread};
  writer.tell_time(rig.now);
  writer.add(rig.release());
  while (notices<FilesClosed>(*rig.link).empty()) std::this_thread::yield();
  CHECK(packets_of(folder / "t1.mkv").size() == 50);
  CHECK(packets_of(folder / "t2.mkv").size() == 50);
  CHECK(entries<SessionEnded>(folder / kJournalFile).at(0).reason == "stopped");
}

TEST_CASE("a writer that goes ends its sessions first") {
  const TemporaryFolder folder;
  SessionRig rig{folder.path()};
  Sender anna{rig};
  fill(rig, anna);
  {
    CaptureWriter writer{WriterRuns::on_its_thread};
    writer.add(rig.release());
  }
  CHECK(packets_of(folder / "t1.mkv").size() == 50);
  CHECK(entries<SessionEnded>(folder / kJournalFile).at(0).reason == "gateway_stopped");
}

TEST_CASE("a process that is killed leaves all but the last second") {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    SessionRig rig{folder.path()};
    Sender anna{rig};
    anna.send(7s);
    ::kill(::getpid(), SIGKILL);
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(WTERMSIG(status) == SIGKILL);

  const auto tracks = entries<TrackBegan>(folder / kJournalFile);
  REQUIRE(tracks.size() == 2);
  CHECK(entries<TrackEnd>(folder / kJournalFile).empty());
  const auto video = packets_of(folder / tracks[0].file);
  const auto audio = packets_of(folder / tracks[1].file);
  REQUIRE_FALSE(video.empty());
  REQUIRE_FALSE(audio.empty());
  CHECK(video.back().pts >= 7s - 1s - 40ms);
  CHECK(audio.back().pts >= 7s - 1s - 40ms);
  CHECK(video.size() == static_cast<std::size_t>(video.back().pts / 40ms) + 1);  // none is missing in between
}

}  // namespace sluice::recording
