#include "sdk/media/src/crew.h"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <latch>
#include <stdexcept>

namespace sluice::media {

TEST_CASE("each part is done once, by however many threads") {
  for (const int threads : {1, 2, 5}) {
    Crew crew{threads};
    for (std::size_t parts = 0; parts < 40; ++parts) {
      std::array<std::atomic<int>, 40> done{};
      crew.run(parts, [&done](std::size_t part) { ++done[part]; });
      for (std::size_t i = 0; i < done.size(); ++i) CHECK(done[i] == (i < parts ? 1 : 0));
    }
  }
}

TEST_CASE("parts are done at the same time") {
  Crew crew{3};
  std::latch all{3};
  crew.run(3, [&all](std::size_t) { all.arrive_and_wait(); });
  CHECK(all.try_wait());
}

TEST_CASE("what a part throws is thrown, and the crew goes on") {
  Crew crew{2};
  CHECK_THROWS_AS(crew.run(8,
                           [](std::size_t part) {
                             if (part == 3) throw std::runtime_error{"no"};
                           }),
                  std::runtime_error);
  std::atomic<int> done = 0;
  crew.run(8, [&done](std::size_t) { ++done; });
  CHECK(done == 8);
}

}  // namespace sluice::media
