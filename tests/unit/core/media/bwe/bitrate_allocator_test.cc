#include "core/media/bwe/bitrate_allocator.h"

#include <doctest/doctest.h>

#include "tests/unit/core/media/bwe/allocation_scene.h"

namespace sluice {
namespace {

using namespace test;

/// A spotlight, a screen and eight cameras: the example of docs/allocation.md.
Scene meeting() {
  Scene scene;
  scene.add(kSpotlight, camera());
  scene.add(kScreen, screen());
  for (int i = 0; i < 8; ++i) scene.add(kRest, camera());
  return scene;
}

TEST_CASE("one camera gets what fits with the margin") {
  Scene scene;
  scene.add(kRest, camera());
  scene.allocate(DataRate::kbps(600));
  CHECK(scene.layers() == "1.2");
  CHECK(scene.results[0].rate == DataRate::kbps(500));
  CHECK(scene.results[0].reason == AllocationReason::bandwidth);
}

TEST_CASE("a meeting at 1 Mbit/s: the spotlight is worth looking at, the screen is there, cameras as far as it goes") {
  Scene scene = meeting();
  scene.allocate(DataRate::kbps(1000));
  CHECK(scene.layers() == "1.2 0.0 0.0 0.0 0.0 - - - - -");
  CHECK(scene.results[9].reason == AllocationReason::bandwidth);
  CHECK(scene.given() == DataRate::kbps(940));
}

TEST_CASE("a meeting at 2 Mbit/s: everybody is seen, the spotlight at its second resolution") {
  Scene scene = meeting();
  scene.allocate(DataRate::kbps(2000));
  CHECK(scene.layers() == "1.2 0.0 0.2 0.2 0.2 0.1 0.1 0.1 0.1 0.1");
}

TEST_CASE("a meeting at 4 Mbit/s: the spotlight has everything before the cameras have more than the least") {
  Scene scene = meeting();
  scene.allocate(DataRate::kbps(4000));
  CHECK(scene.layers() == "2.2 1.0 0.2 0.2 0.1 0.1 0.1 0.1 0.1 0.1");
  CHECK(scene.given() == DataRate::kbps(3460));
}

TEST_CASE("a meeting with next to nothing: the first picture is tried, and goes on while the path bears it") {
  Scene scene = meeting();
  scene.stay(DataRate::kbps(20), 20s);
  CHECK(scene.layers() == "0.0 - - - - - - - - -");
  for (const AllocationResult& result : scene.results) CHECK(result.reason == AllocationReason::bandwidth);
}

TEST_CASE("a meeting with next to nothing, and the path shows it: all are paused, and it is said why") {
  Scene scene = meeting();
  scene.pressure = PathPressure::felt;
  scene.stay(DataRate::kbps(20), BitrateAllocator::kTrial);
  CHECK(scene.pictures() == 1);
  scene.stay(DataRate::kbps(20), 200ms);
  CHECK(scene.layers() == "- - - - - - - - - -");
  for (const AllocationResult& result : scene.results) CHECK(result.reason == AllocationReason::bandwidth);

  SUBCASE("it is tried again, each time later") {
    const Instant paused = scene.now;
    while (scene.pictures() == 0) scene.stay(DataRate::kbps(20), 100ms);
    const Duration first = scene.now - paused;
    CHECK(first >= BitrateAllocator::kFirstBackoff - 300ms);
    scene.stay(DataRate::kbps(20), BitrateAllocator::kTrial + 200ms);
    REQUIRE(scene.pictures() == 0);
    const Instant paused_again = scene.now;
    while (scene.pictures() == 0) scene.stay(DataRate::kbps(20), 100ms);
    CHECK(scene.now - paused_again > first + 2s);
  }
  SUBCASE("with nearly enough for it, the first is back at once") {
    scene.stay(DataRate::kbps(62), 100ms);  // of 80
    CHECK(scene.layers() == "0.0 - - - - - - - - -");
  }
}

TEST_CASE("a source with one layer only starts, however little the estimate is: nothing else would raise it") {
  Scene scene;
  scene.add(kRest, {{{0, 0}, DataRate::kbps(2500)}});
  scene.allocate(DataRate::kbps(600));
  CHECK(scene.layers() == "0.0");
  scene.stay(DataRate::kbps(600), 10s);
  CHECK(scene.layers() == "0.0");
}

TEST_CASE("equals are served alike, layer by layer, the first ones first") {
  Scene scene;
  for (int i = 0; i < 4; ++i) scene.add(kRest, camera());
  SUBCASE("not enough for all") {
    scene.allocate(DataRate::kbps(250));
    CHECK(scene.layers() == "0.0 0.0 0.0 -");
  }
  SUBCASE("a little more than the lowest layer") {
    scene.allocate(DataRate::kbps(440));
    CHECK(scene.layers() == "0.1 0.1 0.0 0.0");
  }
  SUBCASE("the second resolution for one of them") {
    scene.allocate(DataRate::kbps(950));
    CHECK(scene.layers() == "1.1 0.2 0.2 0.2");
  }
}

TEST_CASE("of two equals of which one can have a layer, the one that has it keeps it") {
  Scene scene;
  scene.add(kRest, camera());
  scene.add(kRest, camera());
  scene.requests[0] = {.priority = kRest, .layers = scene.ladders[0], .current = LayerPosition{0, 2}};
  scene.requests[1] = {.priority = kRest, .layers = scene.ladders[1], .current = LayerPosition{1, 1}};
  scene.stay(DataRate::kbps(600), 10s);
  CHECK(scene.layers() == "0.2 1.1");
  CHECK(scene.all_switches() == 0);
}

TEST_CASE("what a higher priority cannot use, a lower one may") {
  Scene scene;
  scene.add(kPinned, {{{0, 0}, DataRate::kbps(200)}, {{1, 0}, DataRate::kbps(3000)}});
  scene.add(kRest, camera());
  scene.allocate(DataRate::kbps(1000));
  CHECK(scene.layers() == "0.0 1.2");
}

TEST_CASE("a source that sends one layer only gets it if it fits, and nobody starves for it") {
  Scene scene;
  scene.add(kPinned, {{{0, 0}, DataRate::kbps(1500)}});
  scene.add(kRest, camera());
  SUBCASE("it fits") {
    scene.allocate(DataRate::kbps(1600));
    CHECK(scene.layers() == "0.0 0.0");
    CHECK(scene.results[0].reason == AllocationReason::source);
  }
  SUBCASE("it does not") {
    scene.allocate(DataRate::kbps(1400));
    CHECK(scene.layers() == "- 2.1");
    CHECK(scene.results[0].reason == AllocationReason::bandwidth);
  }
}

TEST_CASE("the client's limit is kept, and named") {
  Scene scene;
  scene.add(kRest, camera());
  scene.requests[0].limit = LayerPosition{1, 1};
  scene.allocate(DataRate::kbps(9000));
  CHECK(scene.layers() == "1.1");
  CHECK(scene.results[0].reason == AllocationReason::limit);
  CHECK(scene.allocator.wanted() == DataRate::kbps(370) * BitrateAllocator::kWantedHeadroom);
}

TEST_CASE("a limit at the top is no limit: the source sends no more") {
  Scene scene;
  scene.add(kRest, camera());
  scene.requests[0].limit = LayerPosition{2, 2};
  scene.allocate(DataRate::kbps(9000));
  CHECK(scene.results[0].reason == AllocationReason::source);
}

TEST_CASE("where nothing is sent below the limit, the lowest is better than nothing") {
  Scene scene;
  scene.add(kRest, {{{1, 0}, DataRate::kbps(300)}, {{2, 0}, DataRate::kbps(900)}});
  scene.requests[0].limit = LayerPosition{0, 2};
  scene.allocate(DataRate::kbps(9000));
  CHECK(scene.layers() == "1.0");
  CHECK(scene.results[0].reason == AllocationReason::limit);
}

TEST_CASE("a higher layer that costs no more takes the place of a lower one") {
  Scene scene;
  scene.add(kRest, {{{0, 0}, DataRate::kbps(100)},
                    {{0, 1}, DataRate::kbps(300)},
                    {{1, 0}, DataRate::kbps(250)},
                    {{1, 1}, DataRate::kbps(400)}});
  scene.allocate(DataRate::kbps(350));
  CHECK(scene.layers() == "1.0");
  scene.requests[0].current = LayerPosition{0, 1};
  scene.allocate(DataRate::kbps(255));  // no margin is needed: it has something dearer
  CHECK(scene.layers() == "1.0");
}

TEST_CASE("a higher resolution begins with half of its frames, not with a slide show") {
  Scene scene;
  scene.add(kRest, camera());
  SUBCASE("of three temporal layers") {
    scene.allocate(DataRate::kbps(390));
    CHECK(scene.layers() == "0.2");
    scene.stay(DataRate::kbps(430), 5s);
    CHECK(scene.layers() == "1.1");
  }
  SUBCASE("but for who wants no more of them") {
    scene.requests[0].limit = LayerPosition{1, 0};
    scene.allocate(DataRate::kbps(390));
    CHECK(scene.layers() == "1.0");
  }
  SUBCASE("nor for the lowest resolution, below which there is nothing") {
    scene.allocate(DataRate::kbps(100));
    CHECK(scene.layers() == "0.0");
  }
}

TEST_CASE("who sends nothing needs nothing, and gets it again as soon as it sends") {
  Scene scene;
  scene.add(kPinned, camera());
  scene.add(kRest, camera());
  scene.stay(DataRate::kbps(2000), 5s);
  CHECK(scene.layers() == "2.2 0.1");
  scene.set_ladder(0, {});
  scene.stay(DataRate::kbps(2000), 5s);
  CHECK(scene.layers() == "- 2.2");
  CHECK(scene.results[0].reason == AllocationReason::source);
  scene.set_ladder(0, camera());
  scene.requests[0].is_new = true;
  scene.stay(DataRate::kbps(2000), 100ms);
  CHECK(scene.layers() == "2.2 1.1");  // it keeps what fits beside
}

TEST_CASE("a layer that vanishes leaves the next lower one, and its consumer is not paused") {
  Scene scene;
  scene.add(kRest, camera());
  scene.stay(DataRate::kbps(2000), 3s);
  CHECK(scene.layers() == "2.2");
  auto less = camera();
  less.resize(6);
  scene.set_ladder(0, less);
  scene.stay(DataRate::kbps(2000), 100ms);
  CHECK(scene.layers() == "1.2");
  CHECK(scene.results[0].reason == AllocationReason::source);
  scene.set_ladder(0, {{{2, 0}, DataRate::kbps(900)}});  // all it had is gone: another encoding goes on in its place
  scene.stay(DataRate::kbps(950), 100ms);
  CHECK(scene.layers() == "2.0");
}

TEST_CASE("a pin takes from the others what it needs, at once") {
  Scene scene;
  for (int i = 0; i < 4; ++i) scene.add(kRest, camera());
  scene.stay(DataRate::kbps(1200), 5s);
  CHECK(scene.layers() == "1.1 1.1 0.2 0.2");
  scene.requests[3].priority = kPinned;
  scene.stay(DataRate::kbps(1200), 100ms);
  CHECK(scene.layers() == "1.1 0.2 0.2 1.2");
}

TEST_CASE("nobody: nothing is given and nothing wanted") {
  Scene scene;
  scene.allocate(DataRate::kbps(1000));
  CHECK(scene.results.empty());
  CHECK(scene.allocator.wanted().is_zero());
  CHECK_FALSE(scene.allocator.next_timeout().has_value());
}

}  // namespace
}  // namespace sluice
