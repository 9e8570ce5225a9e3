#include "plugins/recording/production_writer.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "plugins/recording/production_handover.h"
#include "temporary_folder.h"

using namespace sluice;
using namespace sluice::recording;

TEST_CASE("what is handed over comes out in order, also what waits when it is closed") {
  BoundedQueue<int> queue{2};
  CHECK(queue.push(1));
  CHECK(queue.push(2));
  queue.close();
  CHECK(!queue.push(3));
  int value = 0;
  CHECK(queue.pop(value));
  CHECK(value == 1);
  CHECK(queue.pop(value));
  CHECK(value == 2);
  CHECK(!queue.pop(value));
}

TEST_CASE("who waits for room is let go when nobody takes any more") {
  BoundedQueue<int> queue{1};
  REQUIRE(queue.push(1));
  std::atomic<bool> taken = true;
  {
    std::jthread producer{[&] { taken = queue.push(2); }};
    queue.abandon();
  }
  int value = 0;
  // It may have come before or after; it does not hang, and nothing is left.
  CHECK(!queue.pop(value));
  CHECK(!taken);
}

TEST_CASE("a full disk is an error of who writes, told at the next picture or the end") {
  ProductionOrder order;
  order.settings.quality = Quality::low;
  order.settings.audio = false;
  order.preset = "ultrafast";
  const auto write = [&](const std::string& path) {
    ProductWriter writer{{.path = path, .plan = plan_product(order)}};
    for (int i = 0; i < 60; ++i) {
      media::VideoFrame picture{{640, 360}};
      picture.pts = i * MediaTime{33'333};
      writer.put(std::move(picture));
    }
    writer.finish();
  };
  CHECK_THROWS_AS(write("/dev/full"), media::MediaError);
  const testing::TemporaryFolder folder;
  CHECK_NOTHROW(write(folder / "recording.mp4"));
}

TEST_CASE("pictures of another size than the product's are an error of who writes") {
  const testing::TemporaryFolder folder;
  ProductionOrder order;
  order.settings.audio = false;
  ProductWriter writer{{.path = folder / "recording.mp4", .plan = plan_product(order)}};
  const auto write = [&] {
    for (int i = 0; i < 60; ++i) writer.put(media::VideoFrame{{64, 36}});
    writer.finish();
  };
  CHECK_THROWS_AS(write(), media::MediaError);
}
