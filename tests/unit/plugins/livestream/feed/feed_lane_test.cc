#include "feed/feed_lane.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "feed_hearing.h"
#include "sluice/testing/fake_tap.h"

namespace sluice::livestream {
namespace {

using namespace std::chrono_literals;
using testing::FakeJobRecords;
using testing::FakeTapReader;
using testing::FeedHearing;
using Lines = std::vector<std::string>;
using Write = JobRecords::Write;

struct Rig {
  std::shared_ptr<FakeTapReader> begin(TrackNumber number) {
    auto reader = std::make_shared<FakeTapReader>();
    link->push(
        TrackToFeed{.track = {.track = number, .participant_id = "p", .mime_type = "video/VP8"}, .reader = reader});
    return reader;
  }
  Lines turn() {
    lane.turn();
    return hearing.read(*records);
  }

  std::shared_ptr<FeedLink> link = std::make_shared<FeedLink>();
  std::shared_ptr<FakeJobRecords> records = std::make_shared<FakeJobRecords>();
  FeedLane lane{link, records};
  FeedHearing hearing;
};

void enter(FakeTapReader& reader, std::uint8_t first, std::size_t count, std::size_t bytes = 100) {
  for (std::size_t i = 0; i < count; ++i) {
    reader.waiting.push_back({std::vector<std::uint8_t>(bytes, static_cast<std::uint8_t>(first + i)), Instant{1s}});
  }
}

Rig& with_anna(Rig& rig) {
  rig.link->push(SceneNote{FeedParticipant{.id = "p", .name = "Anna"}});
  CHECK(rig.turn() == Lines{"Anna is there"});
  return rig;
}

// Those of one track.
Lines of(const Lines& lines, const std::string& track) {
  Lines out;
  std::ranges::copy_if(lines, std::back_inserter(out),
                       [&](const auto& line) { return line.starts_with(track + ": "); });
  return out;
}

TEST_CASE("what is told and the packets come in order, a track before its packets and its end after them") {
  Rig rig;
  with_anna(rig);
  const auto camera = rig.begin(1);
  enter(*camera, 10, 2);
  rig.link->push(SceneNote{FeedSpeaker{"p"}});
  CHECK(rig.turn() == Lines{"track 1 of Anna begins", "Anna speaks", "1: 10", "1: 11"});

  enter(*camera, 12, 40);
  rig.link->push(SceneNote{FeedTrackState{.track = 1, .paused = true}});
  rig.link->push(TrackOver{1});
  rig.link->push(SceneNote{FeedParticipant{.id = "p", .name = "Anna", .present = false}});
  const Lines rest = rig.turn();
  REQUIRE(rest.size() == 43);
  CHECK(rest.front() == "track 1 pauses");
  CHECK(rest[1] == "1: 12");
  CHECK(rest[40] == "1: 51");
  CHECK(rest[41] == "track 1 ends");
  CHECK(rest[42] == "Anna has left");
  CHECK(rig.turn().empty());
}

TEST_CASE("a packet keeps its arrival and its sender's clock") {
  Rig rig;
  with_anna(rig);
  const TappedClock clock{.ntp = 77, .rtp = RtpTimestamp{99}};
  rig.begin(1)->waiting.push_back({{0x80, 1, 2}, Instant{3s}, clock});
  rig.lane.turn();
  const auto records = rig.records->take();
  REQUIRE(records.size() == 1);
  FeedReader reader{records[0]};
  REQUIRE(reader.next());
  const auto packet = std::get<FeedPacket>(*reader.next());
  CHECK(packet.arrival == Instant{3s});
  CHECK(packet.clock == clock);
  CHECK(std::ranges::equal(packet.rtp, std::vector<std::uint8_t>{0x80, 1, 2}));
}

TEST_CASE("much of it makes few records, and figures") {
  Rig rig;
  with_anna(rig);
  const std::uint64_t before = rig.link->bytes;
  enter(*rig.begin(1), 0, 200, 1'200);
  rig.lane.turn();
  const auto records = rig.records->take();
  CHECK(records.size() == 8);  // 26 packets each
  std::size_t bytes = 0;
  for (const auto& record : records) bytes += record.size();
  CHECK(rig.link->bytes - before == bytes);
}

TEST_CASE("a full job gets everything later, in order and once, and the taps are left alone meanwhile") {
  Rig rig;
  with_anna(rig);
  const auto camera = rig.begin(1);
  const auto microphone = rig.begin(2);
  enter(*camera, 0, 100, 1'200);
  enter(*microphone, 0, 20);
  rig.records->answer(Write::full);
  CHECK(rig.turn().empty());
  const std::size_t left = camera->waiting.size() + microphone->waiting.size();
  CHECK(left > 60);  // one record is packed, not more

  for (int i = 0; i < 10; ++i) rig.lane.turn();
  CHECK(camera->waiting.size() + microphone->waiting.size() == left);
  rig.link->push(TrackOver{1});
  rig.link->push(TrackOver{2});
  CHECK(rig.turn().empty());

  rig.records->answer(Write::done);
  const Lines lines = rig.turn();
  CHECK(lines.size() == 2 + 100 + 20 + 2);
  Lines all;
  for (int i = 0; i < 100; ++i) all.push_back("1: " + std::to_string(i));
  CHECK(of(lines, "1") == all);
  all.clear();
  for (int i = 0; i < 20; ++i) all.push_back("2: " + std::to_string(i));
  CHECK(of(lines, "2") == all);
  CHECK(rig.turn().empty());
}

TEST_CASE("a job that takes one record at a time gets what one that takes all does") {
  Rig rig;
  with_anna(rig);
  const auto camera = rig.begin(1);
  const auto microphone = rig.begin(2);
  enter(*camera, 0, 250, 1'000);
  enter(*microphone, 0, 250, 500);
  rig.link->push(TrackOver{2});
  rig.link->push(SceneNote{FeedSpeaker{"p"}});
  Lines lines;
  // It is full behind each record, as one that reads slowly is.
  for (int i = 0; i < 100; ++i) {
    rig.records->answer(Write::full);
    rig.lane.turn();
    rig.records->answer(Write::done);
    std::ranges::copy(rig.turn(), std::back_inserter(lines));
  }
  CHECK(of(lines, "1").size() == 250);
  CHECK(of(lines, "2").size() == 250);
  CHECK(std::ranges::count(lines, "track 2 ends") == 1);
  CHECK(std::ranges::find(lines, "track 2 ends") > std::ranges::find(lines, "2: 249"));
  CHECK(std::ranges::count(lines, "Anna speaks") == 1);
}

TEST_CASE("behind a slow job all tracks get their share") {
  Rig rig;
  with_anna(rig);
  std::vector<std::shared_ptr<FakeTapReader>> cameras;
  for (TrackNumber number = 1; number <= 4; ++number) {
    cameras.push_back(rig.begin(number));
    enter(*cameras.back(), 0, 200, 1'200);
  }
  Lines lines;
  for (int i = 0; i < 4; ++i) {
    // Room for what is packed, and no more.
    rig.records->answer(Write::full);
    rig.lane.turn();
    rig.records->answer(Write::done);
    std::vector<std::size_t> before;
    for (const auto& camera : cameras) before.push_back(camera->waiting.size());
    CHECK(*std::ranges::max_element(before) - *std::ranges::min_element(before) <= 32);
    std::ranges::copy(rig.turn(), std::back_inserter(lines));
  }
  CHECK(lines.size() == 4 + 800);
}

TEST_CASE("one feed's turn is bounded, and it goes on in the next one") {
  Rig rig;
  with_anna(rig);
  const auto camera = rig.begin(1);
  enter(*camera, 0, 26 * (FeedLane::kRecordsPerTurn + 10), 1'200);
  const std::size_t before = rig.records->attempts();
  rig.lane.turn();
  CHECK(rig.records->attempts() - before <= FeedLane::kRecordsPerTurn + 1);
  CHECK_FALSE(camera->waiting.empty());
  rig.lane.turn();
  CHECK(camera->waiting.empty());
}

TEST_CASE("a job that has ended takes nothing, and nothing is kept for it") {
  Rig rig;
  with_anna(rig);
  auto camera = rig.begin(1);
  enter(*camera, 0, 100, 1'200);
  camera->lost = 3;
  SUBCASE("at once") {}
  SUBCASE("after it was full") {
    rig.records->answer(Write::full);
    rig.lane.turn();
  }
  rig.records->answer(Write::closed);
  rig.lane.turn();
  CHECK(camera.use_count() == 1);  // the reader has been let go
  for (std::size_t i = 0; i < FeedLink::kMaxOrders; ++i) rig.link->push(SceneNote{FeedSpeaker{"p"}});
  CHECK(rig.link->full());
  const std::size_t attempts = rig.records->attempts();
  rig.lane.turn();
  CHECK_FALSE(rig.link->full());
  CHECK(rig.records->attempts() == attempts);
}

TEST_CASE("drops are counted over all tracks, also those that have ended") {
  Rig rig;
  with_anna(rig);
  const auto one = rig.begin(1);
  const auto two = rig.begin(2);
  one->lost = 5;
  two->lost = 7;
  rig.lane.turn();
  CHECK(rig.link->dropped_packets == 12);
  one->lost = 6;
  rig.link->push(TrackOver{1});
  rig.lane.turn();
  CHECK(rig.link->dropped_packets == 13);
  rig.records->answer(Write::closed);
  enter(*two, 0, 1);
  rig.lane.turn();
  CHECK(rig.link->dropped_packets == 13);
}

TEST_CASE("a packet that is longer than a record is left out") {
  Rig rig;
  with_anna(rig);
  const auto camera = rig.begin(1);
  enter(*camera, 1, 1);
  enter(*camera, 2, 1, JobRecords::kMaxBytes);
  enter(*camera, 3, 1);
  CHECK(rig.turn() == Lines{"track 1 of Anna begins", "1: 1", "1: 3"});
}

TEST_CASE("a feed that is over sends what it was told, if the job takes it, and is done") {
  Rig rig;
  with_anna(rig);
  enter(*rig.begin(1), 1, 1);
  rig.lane.turn();
  rig.hearing.read(*rig.records);
  rig.link->push(TrackOver{1});
  rig.link->end();
  SUBCASE("it does") { CHECK(rig.turn() == Lines{"track 1 ends"}); }
  SUBCASE("it does not") {
    rig.records->answer(Write::full);
    CHECK(rig.turn().empty());
  }
  CHECK(rig.lane.over());
}

TEST_CASE("the end of a track that there is not, is nothing") {
  Rig rig;
  rig.link->push(TrackOver{9});
  CHECK(rig.turn().empty());
}

}  // namespace
}  // namespace sluice::livestream
