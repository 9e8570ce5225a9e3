#include "feed/feed_thread.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <thread>

#include "feed_hearing.h"

namespace sluice::livestream {
namespace {

using namespace std::chrono_literals;
using testing::FakeJobRecords;
using testing::FeedHearing;
using Write = JobRecords::Write;

// A queue that two threads use, as a tap's is.
class SharedReader final : public TapReader {
 public:
  void enter(std::uint8_t what) {
    const std::lock_guard lock{mutex_};
    waiting_.push_back(what);
  }
  [[nodiscard]] std::optional<TappedPacket> next() override {
    const std::lock_guard lock{mutex_};
    if (waiting_.empty()) return std::nullopt;
    current_.assign(1'000, waiting_.front());
    waiting_.pop_front();
    return TappedPacket{.rtp = current_, .arrival = Instant{1s}};
  }
  [[nodiscard]] std::uint64_t dropped() const noexcept override { return 0; }

 private:
  std::mutex mutex_;
  std::deque<std::uint8_t> waiting_;
  std::vector<std::uint8_t> current_;
};

struct Side {
  explicit Side(FeedThread& thread) { thread.add(std::make_unique<FeedLane>(link, records)); }
  void begin(TrackNumber number, std::shared_ptr<TapReader> reader) {
    link->push(SceneNote{FeedParticipant{.id = "p", .name = "Anna"}});
    link->push(TrackToFeed{.track = {.track = number, .participant_id = "p", .mime_type = "video/VP8"},
                           .reader = std::move(reader)});
  }
  // Until the line has come.
  std::vector<std::string> wait_for(const std::string& last) {
    std::vector<std::string> lines;
    while (std::ranges::find(lines, last) == lines.end()) {
      std::ranges::move(hearing.read(*records), std::back_inserter(lines));
      std::this_thread::yield();
    }
    return lines;
  }

  std::shared_ptr<FeedLink> link = std::make_shared<FeedLink>();
  std::shared_ptr<FakeJobRecords> records = std::make_shared<FakeJobRecords>();
  FeedHearing hearing;
};

TEST_CASE("the thread writes while packets come and tracks end, until the feed does") {
  FeedThread thread{FeedThreadRuns::on_its_own};
  Side side{thread};
  const auto camera = std::make_shared<SharedReader>();
  side.begin(1, camera);
  for (int i = 0; i < 200; ++i) camera->enter(static_cast<std::uint8_t>(i));
  side.link->push(TrackOver{1});
  const auto lines = side.wait_for("track 1 ends");
  CHECK(lines.size() == 203);
  CHECK(lines[2] == "1: 0");
  CHECK(lines[201] == "1: 199");

  side.link->push(SceneNote{FeedSpeaker{"p"}});
  side.link->end();
  side.wait_for("Anna speaks");
  while (side.records.use_count() > 1) std::this_thread::yield();  // the lane goes, and the thread parks
  Side another{thread};
  another.begin(1, std::make_shared<SharedReader>());
  another.wait_for("track 1 of Anna begins");
}

TEST_CASE("a job that is stuck delays no other") {
  FeedThread thread{FeedThreadRuns::on_the_caller};
  Side stuck{thread};
  Side well{thread};
  stuck.records->answer(Write::full);
  std::vector<std::shared_ptr<SharedReader>> cameras;
  for (Side* side : {&stuck, &well}) {
    side->begin(1, cameras.emplace_back(std::make_shared<SharedReader>()));
  }
  for (int i = 0; i < 200; ++i) {
    for (const auto& camera : cameras) camera->enter(static_cast<std::uint8_t>(i));
  }
  thread.turn();
  CHECK(well.hearing.read(*well.records).size() == 202);
  CHECK(stuck.hearing.read(*stuck.records).empty());
  stuck.records->answer(Write::done);
  thread.turn();
  CHECK(stuck.hearing.read(*stuck.records).size() == 202);
}

TEST_CASE("feeds go when they are over, whether their job reads or not") {
  FeedThread thread{FeedThreadRuns::on_the_caller};
  Side one{thread};
  Side other{thread};
  thread.turn();
  CHECK(thread.feeds() == 2);
  one.records->answer(Write::full);
  one.begin(1, std::make_shared<SharedReader>());
  one.link->end();
  thread.turn();
  CHECK(thread.feeds() == 1);
  other.link->end();
  thread.turn();
  CHECK(thread.feeds() == 0);
}

TEST_CASE("the thread may go in the midst of it") {
  const auto camera = std::make_shared<SharedReader>();
  for (int round = 0; round < 20; ++round) {
    const auto thread = make_feed_thread();
    Side side{*thread};
    side.begin(1, camera);
    side.records->answer(round % 2 == 0 ? Write::done : Write::full);
    for (int i = 0; i < 20; ++i) camera->enter(1);
    if (round % 3 == 0) side.link->end();
  }
  CHECK(camera.use_count() == 1);
}

TEST_CASE("a thread without feeds may go") { CHECK(make_feed_thread() != nullptr); }

}  // namespace
}  // namespace sluice::livestream
