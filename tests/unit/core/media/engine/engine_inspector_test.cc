// What the engine tells an operator of everything that it has.

#include "core/media/engine/engine_inspector.h"

#include <algorithm>

#include "core/control/callback_scope.h"
#include "core/media/engine/transport_handle.h"
#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

using namespace media_records;
using Selection = MediaInspector::Selection;

struct Inspecting : EngineFixture {
  Inspecting() : EngineFixture{on_loopback(2)} {}

  MediaInspector& inspector() { return engine->inspector(); }

  template <class Told, class Ask>
  Told wait_for(Ask ask) {
    std::optional<Told> told;
    ask([&](Told answer) { told = std::move(answer); });
    REQUIRE(wait_until([&] { return told.has_value(); }));
    return std::move(*told);
  }
  Page<TransportRecord> transports(const Selection& which = {}) {
    return wait_for<Page<TransportRecord>>([&](auto answer) { inspector().transports(which, std::move(answer)); });
  }
  std::optional<TransportDetails> transport(const std::string& id) {
    return wait_for<std::optional<TransportDetails>>(
        [&](auto answer) { inspector().transport(id, std::move(answer)); });
  }
};

struct Busy : Inspecting {
  std::unique_ptr<Transport> sending = create_transport();
  std::unique_ptr<Transport> receiving = create_transport();
  std::unique_ptr<Producer> audio = produce_audio(*sending);
  std::unique_ptr<Consumer> consumer = consume(*receiving, *audio);
};

template <class Record>
std::vector<std::string> ids_of(const std::vector<Record>& records) {
  std::vector<std::string> ids;
  for (const Record& record : records) ids.push_back(record.id);
  return ids;
}

}  // namespace

TEST_CASE_FIXTURE(Inspecting, "transports are listed by age, from either end, in pages") {
  std::vector<std::unique_ptr<Transport>> made;
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(made.emplace_back(create_transport())->id());
  CHECK(ids_of(transports({.newest_first = false}).entries) == ids);
  std::ranges::reverse(ids);
  const auto all = transports();
  CHECK(all.total == 5);
  CHECK(ids_of(all.entries) == ids);
  CHECK(std::ranges::all_of(all.entries, [](const TransportRecord& record) { return record.stats.has_value(); }));
  const auto some = transports({.offset = 1, .limit = 2});
  CHECK(some.total == 5);
  CHECK(ids_of(some.entries) == std::vector{ids[1], ids[2]});
  CHECK(transports({.offset = 9}).entries.empty());
}

TEST_CASE_FIXTURE(Busy, "each is told with who made it, where it is, and what belongs to it") {
  const auto scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "videoroom"}, clock, log,
                                                     metrics.component("plugins"));
  std::unique_ptr<Router> theirs;
  scope->call("make", [&] { theirs = engine->create_router(); });
  const auto transport = create_transport_in(*theirs);
  const auto of_plugin = transports({.plugin = "videoroom"});
  REQUIRE(of_plugin.entries.size() == 1);
  CHECK(of_plugin.entries.front().id == transport->id());
  CHECK(of_plugin.entries.front().plugin == "videoroom");
  CHECK(of_plugin.entries.front().router_id == theirs->id());
  CHECK(of_plugin.entries.front().ice_role == "lite");
  CHECK(transports({.plugin = "chat"}).total == 0);
  CHECK(transports({.router_id = router->id()}).total == 2);

  const auto producers = wait_for<Page<ProducerRecord>>(
      [&](auto answer) { inspector().producers({.transport_id = sending->id()}, std::move(answer)); });
  REQUIRE(producers.entries.size() == 1);
  CHECK(producers.entries.front().id == audio->id());
  CHECK(producers.entries.front().consumers == 1);
  CHECK(producers.entries.front().streams.has_value());
  const auto consumers =
      wait_for<Page<ConsumerRecord>>([&](auto answer) { inspector().consumers({}, std::move(answer)); });
  REQUIRE(consumers.entries.size() == 1);
  CHECK(consumers.entries.front().producer_id == audio->id());
  CHECK(consumers.entries.front().transport_id == receiving->id());
  CHECK(consumers.entries.front().stats.has_value());
}

TEST_CASE_FIXTURE(Busy, "a transport is told with its ICE, its DTLS, and all that it carries") {
  sending->connect(connect_options(dtls_parameters(client_context())));
  const auto details = transport(sending->id());
  REQUIRE(details);
  CHECK(details->ice_role == "lite");
  CHECK(details->producers == 1);
  CHECK(details->stats.has_value());
  REQUIRE(details->ice.has_value());
  CHECK(details->ice->state == "new");
  CHECK(details->ice->protocol.empty());
  REQUIRE(details->dtls.has_value());
  CHECK(details->dtls->state == "connecting");
  CHECK(details->dtls_role == DtlsRole::server);
  CHECK(details->remote_fingerprint == "sha-256");
  REQUIRE(details->sends.size() == 1);
  CHECK(details->sends.front().transport_id == sending->id());
  CHECK(details->sends.front().mime_type == "audio/opus");
  CHECK(details->sends.front().rtp_parameters == audio->rtp_parameters());
  CHECK(details->sends.front().streams.has_value());
  CHECK(details->receives.empty());
  const auto other = transport(receiving->id());
  REQUIRE(other);
  REQUIRE(other->receives.size() == 1);
  CHECK(other->receives.front().id == consumer->id());
  CHECK(other->receives.front().producer_id == audio->id());
  CHECK(other->receives.front().stats.has_value());
  CHECK_FALSE(other->dtls_role);
  CHECK_FALSE(transport("nobody"));
}

TEST_CASE_FIXTURE(Busy, "a transport that is closed from here ends as if its client had closed it") {
  std::vector<TransportState> states;
  int producer_ends = 0;
  std::optional<ConsumerEnd> end;
  sending->on_state([&](TransportState state, std::string_view) { states.push_back(state); });
  audio->on_closed([&] { ++producer_ends; });
  consumer->on_closed([&](ConsumerEnd why) { end = why; });
  CHECK(inspector().close_transport(sending->id()));
  CHECK(states.empty());  // never inside of the call
  settle();
  CHECK(states == std::vector{TransportState::closed});
  CHECK(producer_ends == 1);
  CHECK(end == ConsumerEnd::producer_closed);
  CHECK(audio->closed());
  const auto details = transport(sending->id());
  REQUIRE(details);
  REQUIRE(details->states.size() == 1);
  CHECK(details->states.front().state == TransportState::closed);
  CHECK_FALSE(details->states.front().reason.empty());
  CHECK_FALSE(inspector().close_transport("nobody"));
}

TEST_CASE_FIXTURE(Busy, "producers and consumers can be closed, but not a slot") {
  int ends = 0;
  audio->on_closed([&] { ++ends; });
  consumer->on_closed([&](ConsumerEnd) { ++ends; });
  const auto slot =
      receiving->consume({.producer_id = {}, .rtp_capabilities = router->rtp_capabilities(), .kind = MediaKind::audio});
  CHECK(error_of([&] { inspector().close_consumer(slot->id()); }).code() == ErrorCode::conflict);
  CHECK(inspector().close_consumer(consumer->id()));
  CHECK(inspector().close_producer(audio->id()));
  CHECK_FALSE(inspector().close_producer(audio->id()));
  loop.run_ready();
  CHECK(ends == 2);
}

TEST_CASE_FIXTURE(Inspecting, "a transport remembers its last states only") {
  const auto transport = create_transport();
  auto& handle = dynamic_cast<TransportHandle&>(*transport);
  for (std::size_t i = 0; i < 3 * TransportHandle::kMaxHistory; ++i) {
    handle.state_changed(i % 2 == 0 ? TransportState::disconnected : TransportState::connected, std::to_string(i));
  }
  REQUIRE(handle.history().size() == TransportHandle::kMaxHistory);
  CHECK(handle.history().back().reason == std::to_string(3 * TransportHandle::kMaxHistory - 1));
}

TEST_CASE("what silent workers do not tell is missing, after a while, or at once where too many wait") {
  ManualClock clock;
  ControlLoop loop{clock};
  QuietLog log;
  const auto context = std::make_shared<EngineContext>(loop, repeatable_random(), log);
  context->stopped = true;  // no worker ever answers
  EngineInspector inspector{context, [] { return std::vector<WorkerStats>{}; }};
  std::size_t answers = 0;
  const auto ask = [&] { inspector.transports({}, [&](const Page<TransportRecord>&) { ++answers; }); };
  for (std::size_t i = 0; i < MediaInspector::kMaxWaiting; ++i) ask();
  loop.run_ready();
  CHECK(answers == 0);
  ask();
  CHECK(answers == 0);
  loop.run_ready();
  CHECK(answers == 1);
  clock.advance(MediaInspector::kPatience);
  loop.run_ready();
  CHECK(answers == 1 + MediaInspector::kMaxWaiting);
}

}  // namespace sluice::test
