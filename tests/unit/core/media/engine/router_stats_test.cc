// All statistics of a router, asked for at once.

#include <algorithm>
#include <set>

#include "core/control/callback_scope.h"
#include "core/media/engine/stats_question.h"
#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

constexpr RouterStatsWanted kEverything{.transports = true, .producers = true, .consumers = true};

template <class Stats>
std::set<std::string> ids_of(const std::vector<Stats>& all) {
  std::set<std::string> ids;
  for (const Stats& one : all) ids.insert(one.id);
  return ids;
}

struct Asking : EngineFixture {
  Asking() : EngineFixture{on_loopback(2)} {}

  RouterStats ask(RouterStatsWanted wanted) {
    std::optional<RouterStats> told;
    router->stats(wanted, [&](RouterStats stats) { told = std::move(stats); });
    CHECK_FALSE(told);
    REQUIRE(wait_until([&] { return told.has_value(); }));
    return std::move(*told);
  }
};

/// On both workers.
struct Busy : Asking {
  std::unique_ptr<Transport> first = create_transport();
  std::unique_ptr<Transport> second = create_transport();
  std::unique_ptr<Producer> audio = produce_audio(*first);
  std::unique_ptr<Producer> video = produce_video(*second);
  std::unique_ptr<Consumer> consumer = consume(*second, *audio);
};

}  // namespace

TEST_CASE_FIXTURE(Busy, "a router's transports, producers and consumers are told together, whatever worker has them") {
  const std::unique_ptr<Router> other = engine->create_router();
  const auto elsewhere = create_transport_in(*other);
  const RouterStats stats = ask(kEverything);
  CHECK(ids_of(stats.transports) == std::set{first->id(), second->id()});
  CHECK(ids_of(stats.producers) == std::set{audio->id(), video->id()});
  REQUIRE(stats.consumers.size() == 1);
  CHECK(stats.consumers.front().id == consumer->id());
  CHECK(stats.consumers.front().stats.mime_type == audio->rtp_parameters().codecs.front().mime_type);
}

TEST_CASE_FIXTURE(Busy, "only what is wanted is told") {
  const RouterStats transports = ask({.transports = true, .producers = false, .consumers = false});
  CHECK(transports.transports.size() == 2);
  CHECK(transports.producers.empty());
  CHECK(transports.consumers.empty());
  CHECK(ask({.transports = false, .producers = true, .consumers = false}).producers.size() == 2);
  CHECK(ask({.transports = false, .producers = false, .consumers = true}).consumers.size() == 1);
}

TEST_CASE_FIXTURE(Asking, "of an empty router the answer comes, too, and later") {
  const RouterStats stats = ask(kEverything);
  CHECK(stats.transports.empty());
  CHECK(stats.producers.empty());
}

TEST_CASE_FIXTURE(EngineFixture,
                  "a worker tells of many in slices, and what has closed between two of them is missing") {
  std::vector<std::unique_ptr<Transport>> transports;
  for (std::size_t i = 0; i < StatsQuestion::kSlice + 40; ++i) transports.push_back(create_transport());
  std::optional<std::size_t> told;
  const auto ask = [&] {
    told.reset();
    router->stats(kEverything, [&](const RouterStats& stats) { told = ids_of(stats.transports).size(); });
  };
  ask();
  REQUIRE(wait_until([&] { return told.has_value(); }));
  CHECK(told == transports.size());

  ask();
  transports.clear();  // the first slice has been asked for
  REQUIRE(wait_until([&] { return told.has_value(); }));
  CHECK(told == StatsQuestion::kSlice);
}

TEST_CASE_FIXTURE(Asking, "no answer comes after the router's end, and nothing of the question is left") {
  std::unique_ptr<Router> other = engine->create_router();
  const auto transport = create_transport_in(*other);
  const auto owned = std::make_shared<int>();
  bool called = false;
  other->stats(kEverything, [&called, owned](const RouterStats&) { called = true; });
  CHECK(owned.use_count() == 2);
  other.reset();
  CHECK(owned.use_count() == 1);
  settle();
  CHECK_FALSE(called);
}

TEST_CASE_FIXTURE(Asking, "the answer may end the router") {
  std::unique_ptr<Router> other = engine->create_router();
  const auto transport = create_transport_in(*other);
  other->stats(kEverything, [&](const RouterStats&) { other.reset(); });
  CHECK(wait_until([&] { return other == nullptr; }));
}

TEST_CASE_FIXTURE(Asking, "the answer comes in the scope of who asked, and not once that is closed") {
  const auto scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "asker"}, clock, log,
                                                     metrics.component("plugins"));
  std::shared_ptr<CallbackScope> ran_in;
  int calls = 0;
  const auto ask_in_scope = [&] {
    scope->call("ask", [&] {
      router->stats(kEverything, [&](const RouterStats&) {
        ran_in = CallbackScope::current();
        ++calls;
      });
    });
  };
  ask_in_scope();
  REQUIRE(wait_until([&] { return calls == 1; }));
  CHECK(ran_in == scope);
  ask_in_scope();
  scope->close();
  settle();
  CHECK(calls == 1);
}

}  // namespace sluice::test
