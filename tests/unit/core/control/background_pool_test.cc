#include "core/control/background_pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <utility>

namespace sluice {
namespace {

/// A job that runs until it is let go.
struct Held {
  Function<void()> job() {
    return [this] {
      entered.set_value();
      release.get_future().get();
    };
  }
  std::promise<void> entered;
  std::promise<void> release;
};

}  // namespace

TEST_CASE("a pool that has nothing to do has nothing to wait for") {
  BackgroundPool pool{2};
  bool done = false;
  pool.after_waiting([&] { done = true; });
  CHECK(done);
}

TEST_CASE("every job that was there before is waited for, also one that others overtake") {
  Held slow;
  std::atomic<bool> done = false;
  std::promise<void> told;
  std::promise<void> overtakes;
  BackgroundPool pool{2};  // joins before those go
  REQUIRE(pool.submit(slow.job()));
  slow.entered.get_future().get();
  pool.after_waiting([&] {
    done = true;
    told.set_value();
  });
  REQUIRE(pool.submit([&] { overtakes.set_value(); }));
  overtakes.get_future().get();
  CHECK(!done);
  slow.release.set_value();
  told.get_future().get();
  CHECK(done);
}

TEST_CASE("what a job owns is gone when its end is told") {
  Held first;
  std::promise<bool> gone;
  auto owned = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = owned;
  BackgroundPool pool{1};
  REQUIRE(pool.submit(first.job()));
  first.entered.get_future().get();
  REQUIRE(pool.submit([owned = std::move(owned)] {}));
  pool.after_waiting([&] { gone.set_value(watch.expired()); });
  first.release.set_value();
  CHECK(gone.get_future().get());
}

TEST_CASE("jobs that come later are not waited for") {
  Held first;
  Held second;
  std::promise<void> told;
  BackgroundPool pool{1};
  REQUIRE(pool.submit(first.job()));
  first.entered.get_future().get();
  pool.after_waiting([&] { told.set_value(); });
  REQUIRE(pool.submit(second.job()));
  first.release.set_value();
  told.get_future().get();
  second.entered.get_future().get();
  second.release.set_value();
}

TEST_CASE("a pool that has stopped has run everything") {
  std::atomic<int> runs = 0;
  std::atomic<bool> done = false;
  BackgroundPool pool{2};
  for (int i = 0; i < 10; ++i) REQUIRE(pool.submit([&] { ++runs; }));
  pool.after_waiting([&] { done = true; });
  pool.stop();
  CHECK(runs == 10);
  CHECK(done);
  bool after = false;
  pool.after_waiting([&] { after = true; });
  CHECK(after);
}

}  // namespace sluice
