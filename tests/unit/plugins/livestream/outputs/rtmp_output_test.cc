#include "outputs/rtmp_output.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "tests/unit/plugins/livestream/outputs/program.h"

namespace sluice::livestream {
namespace {

using namespace testing;
using media::MediaError;

/// What a test does and what the output's thread does, in step.
class Meeting {
 public:
  template <class Change>
  void change(Change change) {
    {
      const std::lock_guard lock{mutex_};
      change();
    }
    changed_.notify_all();
  }
  template <class Predicate>
  void wait_until(Predicate predicate) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, predicate);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

struct Connection {
  std::string address;
  std::vector<MediaTime> times{};  // as the server sees them
  std::vector<bool> key_frames{};
  std::vector<std::size_t> changes{};  // after how many packets
  bool said_goodbye = false;
};

/// A world with one server.
struct World {
  Meeting meeting;
  std::vector<TargetReport> reports;
  std::vector<Connection> connections;
  std::vector<MediaError> refusals;  // of the next attempts, in order
  bool breaks_off = false;           // at the next packet
  bool never_answers = false;
  int key_frames_wanted = 0;
  std::vector<std::string> addresses{"8.8.8.8"};
  std::atomic<std::int64_t> seconds{0};
  ProgramFormatPtr format = make_format();

  class Publisher final : public RtmpPublisher {
   public:
    Publisher(World& world, std::size_t number) : world_{world}, number_{number} {}
    void write(const media::Packet& packet, MediaTime begin) override {
      bool breaks_off = false;
      world_.meeting.change([&] {
        breaks_off = std::exchange(world_.breaks_off, false);
        if (breaks_off) return;
        auto& connection = world_.connections[number_];
        connection.times.push_back(packet.dts - begin);
        connection.key_frames.push_back(packet.key_frame);
        bytes_ += packet.data.size();
      });
      if (breaks_off) throw MediaError{"the server closed the connection", -EPIPE};
    }
    void change(std::size_t track, const media::TrackFormat&) override {
      CHECK(track == kVideoTrack);
      auto& connection = world_.connections[number_];
      world_.meeting.change([&] { connection.changes.push_back(connection.times.size()); });
    }
    void finish() override {
      world_.meeting.change([&] { world_.connections[number_].said_goodbye = true; });
    }
    [[nodiscard]] std::uint64_t bytes() const noexcept override { return bytes_; }

   private:
    World& world_;
    std::size_t number_;
    std::uint64_t bytes_ = 0;
  };

  std::unique_ptr<RtmpPublisher> connect(media::RtmpOptions options) {
    CHECK(options.url == "rtmp://live.example.org/app/top-secret");
    while (never_answers) {
      if (options.cancelled()) throw MediaError{"given up", -ECANCELED};
      meeting.change([this] { seconds += 1; });
    }
    std::unique_ptr<RtmpPublisher> publisher;
    std::optional<MediaError> refusal;
    meeting.change([&] {
      if (!refusals.empty()) {
        refusal = refusals.front();
        refusals.erase(refusals.begin());
        return;
      }
      connections.push_back({.address = options.address});
      publisher = std::make_unique<Publisher>(*this, connections.size() - 1);
    });
    if (refusal) throw *refusal;
    return publisher;
  }

  RtmpOutputNeeds needs() {
    return {.report = [this](const TargetReport& report) { meeting.change([&] { reports.push_back(report); }); },
            .key_frame_wanted = [this] { meeting.change([&] { ++key_frames_wanted; }); },
            .now = [this] { return Instant{} + std::chrono::seconds{seconds.load()}; },
            .connect = [this](media::RtmpOptions options) { return connect(std::move(options)); },
            .resolve =
                [this](const std::string& host, Function<bool()>&) {
                  CHECK(host == "live.example.org");
                  return addresses;
                }};
  }
  static RtmpOutputOptions options(std::string url = "rtmp://live.example.org/app/top-secret") {
    return {.id = "a", .url = std::move(url), .backoff = {.first = 1ms, .most = 4ms, .most_old = 4ms}};
  }

  void wait_for_state(TargetState state) {
    meeting.wait_until([&] { return !reports.empty() && reports.back().state == state; });
  }
  /// The encoder: when it is asked, it makes a key frame.
  void answer_wish(RtmpOutput& output, int wishes, MediaTime at) {
    meeting.wait_until([&] { return key_frames_wanted == wishes; });
    output.put(picture(format, at, Picture::key_frame));
  }
};

TEST_CASE("a push begins with a key frame that it asks for, at time zero") {
  World world;
  {
    RtmpOutput output{World::options(), world.needs()};
    output.put(picture(world.format, 5s, Picture::dependent));
    world.answer_wish(output, 1, 6s);
    output.put(sound(world.format, 6s - 1ms));
    output.put(sound(world.format, 6s + 20ms));
    output.finish();
    CHECK(output.figures(1s).bytes == 9);
  }
  REQUIRE(world.connections.size() == 1);
  CHECK(world.connections[0].address == "8.8.8.8");
  CHECK(world.connections[0].times == std::vector<MediaTime>{0s, 20ms});
  CHECK(world.connections[0].said_goodbye);
  REQUIRE(world.reports.size() == 2);
  CHECK(world.reports[0].state == TargetState::connecting);
  CHECK(world.reports[1].state == TargetState::live);
  CHECK(world.reports[1].reason.empty());
}

TEST_CASE("a server that refuses is tried again, and its reason is told") {
  World world;
  world.refusals = {{"Server error: already live", -EPERM}, {"the server closed the connection", -EIO}};
  RtmpOutput output{World::options(), world.needs()};
  output.put(sound(world.format, 0s));
  world.answer_wish(output, 1, 1s);
  world.wait_for_state(TargetState::live);
  output.finish();
  REQUIRE(world.reports.size() == 4);
  CHECK(world.reports[1].state == TargetState::reconnecting);
  CHECK(world.reports[1].reason == "Server error: already live");
  CHECK(world.reports[2].reason == "the server closed the connection");
  CHECK(output.figures(1s).reconnects == 2);
}

TEST_CASE("a server that goes away and comes back gets the program again, from a key frame and zero on") {
  World world;
  RtmpOutput output{World::options(), world.needs()};
  output.put(sound(world.format, 0s));
  world.answer_wish(output, 1, 1s);
  world.wait_for_state(TargetState::live);
  world.meeting.change([&] { world.breaks_off = true; });
  output.put(picture(world.format, 2s, Picture::dependent));
  world.meeting.wait_until([&] { return world.key_frames_wanted == 2; });
  output.put(picture(world.format, 3s, Picture::dependent));
  world.answer_wish(output, 2, 4s);
  world.meeting.wait_until([&] { return world.reports.size() == 4; });
  output.finish();
  CHECK(world.reports[2].state == TargetState::reconnecting);
  CHECK(world.reports[3].state == TargetState::live);
  REQUIRE(world.connections.size() == 2);
  CHECK(!world.connections[0].said_goodbye);
  CHECK(world.connections[1].times == std::vector<MediaTime>{0s});
  CHECK(world.connections[1].key_frames == std::vector<bool>{true});
}

TEST_CASE("a change of format is told before its first packet") {
  World world;
  RtmpOutput output{World::options(), world.needs()};
  output.put(sound(world.format, 0s));
  world.answer_wish(output, 1, 1s);
  world.format = make_format(96);
  output.put(picture(world.format, 2s, Picture::key_frame));
  output.put(picture(world.format, 3s, Picture::dependent));
  output.finish();
  CHECK(world.connections.at(0).changes == std::vector<std::size_t>{1});
  CHECK(world.connections.at(0).times.size() == 3);
}

TEST_CASE("an address that is none fails at once, for good, and its key is not told") {
  World world;
  RtmpOutput output{World::options("rtmp://live.example.org/top-secret"), world.needs()};
  output.put(picture(world.format, 0s, Picture::key_frame));
  output.finish();
  REQUIRE(world.reports.size() == 1);
  CHECK(world.reports[0].state == TargetState::failed);
  CHECK(!world.reports[0].reason.empty());
  CHECK(world.reports[0].reason.find("secret") == std::string::npos);
  CHECK(world.connections.empty());
}

TEST_CASE("a host with an address that is not public fails for good, unless that is allowed") {
  World world;
  world.addresses = {"8.8.8.8", "10.0.0.1"};
  SUBCASE("not allowed") {
    RtmpOutput output{World::options(), world.needs()};
    output.put(sound(world.format, 0s));
    world.wait_for_state(TargetState::failed);
    output.finish();
    CHECK(world.reports.size() == 2);
    CHECK(world.connections.empty());
  }
  SUBCASE("allowed; where nobody listens at one address, the next is tried") {
    world.refusals = {{"Connection refused", -ECONNREFUSED}};
    auto options = World::options();
    options.private_targets = true;
    RtmpOutput output{std::move(options), world.needs()};
    output.put(sound(world.format, 0s));
    world.answer_wish(output, 1, 1s);
    world.wait_for_state(TargetState::live);
    output.finish();
    CHECK(world.connections.at(0).address == "10.0.0.1");
    CHECK(world.reports.size() == 2);
  }
}

TEST_CASE("a server that never answers is given up after some seconds, and tried again") {
  World world;
  world.never_answers = true;
  RtmpOutput output{World::options(), world.needs()};
  output.put(sound(world.format, 0s));
  world.meeting.wait_until([&] { return world.reports.size() >= 3; });
  CHECK(world.reports[1].state == TargetState::reconnecting);
  CHECK(world.reports[1].reason == "the server does not answer");
  output.finish();
}

TEST_CASE("an end is not held up by a server that never answers, nor by a program that never begins") {
  World world;
  {
    RtmpOutput never_begins{World::options(), world.needs()};
    never_begins.close();
  }
  world.never_answers = true;
  auto needs = world.needs();
  needs.now = [] { return Instant{}; };  // it would wait for ever
  RtmpOutput output{World::options(), std::move(needs)};
  output.put(sound(world.format, 0s));
  world.meeting.wait_until([&] { return world.seconds > 0; });
  output.finish();
  CHECK(world.reports.back().state == TargetState::connecting);
}

TEST_CASE("the rate is what was sent since it was asked for") {
  World world;
  RtmpOutput output{World::options(), world.needs()};
  output.put(sound(world.format, 0s));
  world.meeting.wait_until([&] { return world.key_frames_wanted == 1; });
  output.put(picture(world.format, 1s, Picture::key_frame, 1'000));
  output.finish();
  const auto figures = output.figures(2s);
  CHECK(figures.id == "a");
  CHECK(figures.bits_per_second == 4'000);
  CHECK(output.figures(1s).bits_per_second == 0);
  CHECK(output.figures(0s).bits_per_second == 0);
}

}  // namespace
}  // namespace sluice::livestream
