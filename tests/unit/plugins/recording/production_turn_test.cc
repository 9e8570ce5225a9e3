// Cameras that are not held upright, in the product.
#include <doctest/doctest.h>

#include "plugins/recording/timeline_session.h"
#include "product_reading.h"
#include "production_runner.h"

using namespace std::chrono_literals;
using namespace sluice;
using namespace sluice::recording;
using namespace sluice::testing;
using media::MediaTime;

namespace {

/// Lumas: top left, top right, bottom right, bottom left.
using Corners = std::array<int, 4>;
constexpr Corners kUpright{50, 100, 150, 200};

media::VideoFrame in_corners(media::Size size) {
  media::VideoFrame picture{size};
  const auto luma = picture.plane(0);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const bool right = 2 * x >= size.width;
      const bool bottom = 2 * y >= size.height;
      luma.data[y * luma.stride + x] = static_cast<std::uint8_t>(bottom ? (right ? 150 : 200) : (right ? 100 : 50));
    }
  }
  return picture;
}

/// Clockwise: each corner is where the one before it was.
Corners quarters(int count) {
  Corners corners = kUpright;
  std::ranges::rotate(corners, corners.end() - count);
  return corners;
}

/// Around the middle of the product's picture, where a portrait that is shown whole is, too.
constexpr std::array<Region, 4> kRegions{
    {{0.38, 0.3, 0.46, 0.4}, {0.54, 0.3, 0.62, 0.4}, {0.54, 0.6, 0.62, 0.7}, {0.38, 0.6, 0.46, 0.7}}};

struct CornerReadings {
  explicit CornerReadings(const std::string& path) {
    for (const Region& region : kRegions) corners.push_back(read_product(path, region));
  }
  void check_at(MediaTime at, const Corners& expected) const {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(at.count());
      CAPTURE(i);
      CHECK(std::abs(corners[i].luma_at(at) - expected[i]) < 12);
    }
  }
  std::vector<ProductReading> corners;
};

TestTrack camera(media::Codec codec) {
  return {.track = "cam", .participant = "anna", .codec = codec, .end = 4s, .picture = [](std::int64_t) {
            return in_corners({160, 90});
          }};
}

void turn(ProductionRunner& runner, MediaTime at, int degrees) {
  const std::int64_t timestamp = SenderClock{}.first_timestamp + at.count() * 90'000 / 1'000'000;
  runner.session.add(PictureTurned{.at_us = at.count(), .track = "cam", .timestamp = timestamp, .degrees = degrees});
}

}  // namespace

TEST_CASE("a picture that was sent sideways is upright in the product, from frame to frame") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_video(camera(media::Codec::vp8));
  turn(runner, 1s, 90);
  turn(runner, 2s, 180);
  turn(runner, 3s, 270);
  runner.session.finish(4s);
  REQUIRE(runner.run() == 0);

  const CornerReadings product{runner.product()};
  for (int second = 0; second < 4; ++second) {
    product.check_at(std::chrono::seconds{second} + 100ms, quarters(second));
    product.check_at(std::chrono::seconds{second} + 900ms, quarters(second));
  }
}

TEST_CASE("what is to be turned is not copied") {
  ProductionRunner runner;
  runner.session.add_participant("anna", "Anna");
  runner.session.add_video(camera(media::Codec::h264));
  SUBCASE("upright") {
    runner.session.finish(4s);
    REQUIRE(runner.run() == 0);
    CHECK(runner.report->remuxed);
  }
  SUBCASE("turned from the beginning") {
    turn(runner, 0s, 270);
    runner.session.finish(4s);
    REQUIRE(runner.run() == 0);
    CHECK(!runner.report->remuxed);
    CornerReadings{runner.product()}.check_at(2s, quarters(3));
  }
}

TEST_CASE("a journal's turns are those of their frames, which files place to the millisecond") {
  ProductionRunner runner;
  runner.session.add_video(camera(media::Codec::vp8));
  turn(runner, 1'033'333us, 90);                                                      // its pts is 1033 ms
  turn(runner, 500ms, 45);                                                            // nobody turns so
  runner.session.add(PictureTurned{.at_us = 1, .track = "nobody's", .degrees = 90});  // no such track
  runner.session.finish(4s);
  const Session session = read_session(read_journal(runner.order.session_folder + "/" + std::string{kJournalFile}));
  REQUIRE(session.tracks.size() == 1);
  const SessionTrack& track = session.tracks[0];
  CHECK(track.turns.size() == 1);
  CHECK(track.turn_at(0s) == media::Turn::none);
  CHECK(track.turn_at(1'000ms) == media::Turn::none);
  CHECK(track.turn_at(1'033ms) == media::Turn::quarter);
  CHECK(track.turn_at(4s) == media::Turn::quarter);
}
