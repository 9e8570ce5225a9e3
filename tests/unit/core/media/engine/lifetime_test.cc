// Handles end in any order, and the engine before or after them.

#include <algorithm>
#include <array>
#include <numeric>

#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

enum Part : std::size_t { kRouter, kSending, kReceiving, kProducer, kConsumer, kParts };

// All handles of a producer on worker 0 and a consumer on worker 1, with a router of their own.
struct Handles {
  explicit Handles(EngineFixture& fixture) : router{fixture.engine->create_router()} {
    sending = EngineFixture::create_transport_in(*router);
    receiving = EngineFixture::create_transport_in(*router);
    producer = EngineFixture::produce_video(*sending);
    consumer = receiving->consume({.producer_id = producer->id(), .rtp_capabilities = router->rtp_capabilities()});
    producer->on_closed([this] { ++producer_ends; });
    consumer->on_closed([this](ConsumerEnd why) {
      ++consumer_ends;
      end = why;
    });
  }

  void destroy(std::size_t part) {
    switch (part) {
      case kRouter:
        return router.reset();
      case kSending:
        return sending.reset();
      case kReceiving:
        return receiving.reset();
      case kProducer:
        return producer.reset();
      default:
        return consumer.reset();
    }
  }

  std::unique_ptr<Router> router;
  std::unique_ptr<Transport> sending;
  std::unique_ptr<Transport> receiving;
  std::unique_ptr<Producer> producer;
  std::unique_ptr<Consumer> consumer;
  int producer_ends = 0;
  int consumer_ends = 0;
  std::optional<ConsumerEnd> end;
};

using Order = std::array<std::size_t, kParts>;

bool is_before(const Order& order, Part a, Part b) { return std::ranges::find(order, a) < std::ranges::find(order, b); }

template <class Visit>
void for_every_order(Visit visit) {
  Order order{};
  std::iota(order.begin(), order.end(), 0);
  do {
    visit(std::as_const(order));
  } while (std::ranges::next_permutation(order).found);
}

struct TwoWorkers : EngineFixture {
  TwoWorkers() : EngineFixture{on_loopback(2)} {}
};

}  // namespace

TEST_CASE_FIXTURE(TwoWorkers, "handles end in any order, and each tells once that it was ended by another") {
  for_every_order([&](const Order& order) {
    Handles handles{*this};
    for (const std::size_t part : order) {
      handles.destroy(part);
      loop.run_ready();
    }
    const bool producer_ended = is_before(order, kSending, kProducer);
    const bool by_producer = is_before(order, kProducer, kConsumer) || is_before(order, kSending, kConsumer);
    const bool by_transport = is_before(order, kReceiving, kConsumer);
    CHECK(handles.producer_ends == (producer_ended ? 1 : 0));
    CHECK(handles.consumer_ends == (by_producer || by_transport ? 1 : 0));
  });
  settle();
}

TEST_CASE_FIXTURE(TwoWorkers, "no callback comes after its handle has gone") {
  for_every_order([&](const Order& order) {
    Handles handles{*this};
    for (const std::size_t part : order) handles.destroy(part);
    loop.run_ready();
    CHECK(handles.producer_ends == 0);
    CHECK(handles.consumer_ends == 0);
  });
  settle();
}

TEST_CASE_FIXTURE(TwoWorkers, "a consumer learns why it ended") {
  Handles handles{*this};
  SUBCASE("its transport") {
    handles.receiving.reset();
    loop.run_ready();
    CHECK(handles.end == ConsumerEnd::transport_closed);
  }
  SUBCASE("its producer") {
    handles.producer.reset();
    loop.run_ready();
    CHECK(handles.end == ConsumerEnd::producer_closed);
  }
  SUBCASE("the producer's transport") {
    handles.sending.reset();
    loop.run_ready();
    CHECK(handles.end == ConsumerEnd::producer_closed);
    CHECK(handles.producer->closed());
  }
  CHECK(handles.consumer->closed());
  handles.consumer->pause();
  handles.consumer->request_key_frame();
  CHECK(!handles.consumer->paused());
}

TEST_CASE_FIXTURE(TwoWorkers, "what is left after a transport is closed does nothing, and the rest goes on") {
  Handles handles{*this};
  handles.sending.reset();
  handles.producer->pause();
  CHECK(!handles.producer->paused());
  CHECK(!handles.router->can_consume(handles.producer->id(), handles.router->rtp_capabilities()));
  const auto next = EngineFixture::produce_audio(*handles.receiving);
  CHECK(!next->closed());
  settle();
}

TEST_CASE_FIXTURE(TwoWorkers, "a callback may destroy the handles it was told of") {
  Handles handles{*this};
  SUBCASE("consumer closed") {
    handles.consumer->on_closed([&](ConsumerEnd) { handles.consumer.reset(); });
    handles.producer.reset();
  }
  SUBCASE("producer closed") {
    handles.producer->on_closed([&] { handles.producer.reset(); });
    handles.sending.reset();
  }
  SUBCASE("producer paused") {
    const auto owned = std::make_shared<int>(5);
    int seen = 0;
    handles.consumer->on_producer_paused([&, owned](bool) {
      handles.consumer.reset();
      seen = *owned;  // what the callback owns lives while it runs
    });
    handles.producer->pause();
    loop.run_ready();
    CHECK(seen == 5);
    CHECK(handles.consumer == nullptr);
  }
  SUBCASE("stats") {
    bool called = false;
    handles.consumer->stats([&](const RtpStreamStats&) {
      handles.consumer.reset();
      called = true;
    });
    CHECK(wait_until([&] { return called; }));
  }
  loop.run_ready();
  settle();
}

TEST_CASE_FIXTURE(TwoWorkers, "a paused producer tells its consumers, also those that come later") {
  Handles handles{*this};
  std::vector<bool> told;
  handles.consumer->on_producer_paused([&](bool paused) { told.push_back(paused); });
  handles.producer->pause();
  handles.producer->pause();
  CHECK(handles.consumer->producer_paused());
  const auto late = handles.receiving->consume(
      {.producer_id = handles.producer->id(), .rtp_capabilities = handles.router->rtp_capabilities()});
  CHECK(late->producer_paused());
  handles.producer->resume();
  CHECK(!late->producer_paused());
  loop.run_ready();
  CHECK(told == std::vector{true, false});

  const auto paused_from_the_start =
      handles.sending->produce({.kind = MediaKind::audio, .rtp_parameters = audio_parameters(Ssrc{5}), .paused = true});
  CHECK(paused_from_the_start->paused());
}

TEST_CASE_FIXTURE(TwoWorkers, "stats come back from both workers") {
  Handles handles{*this};
  std::optional<RtpStreamStats> consumer;
  std::optional<std::vector<RtpStreamStats>> producer;
  handles.consumer->stats([&](const RtpStreamStats& stats) { consumer = stats; });
  handles.producer->stats([&](const std::vector<RtpStreamStats>& stats) { producer = stats; });
  REQUIRE(wait_until([&] { return consumer && producer; }));
  CHECK(consumer->ssrc == handles.consumer->rtp_parameters().encodings.front().ssrc);
  CHECK(consumer->mime_type == "video/VP8");
  CHECK(producer->empty());  // nothing has been received
}

TEST_CASE_FIXTURE(TwoWorkers, "the engine may stop before its handles end") {
  Handles handles{*this};
  engine->stop();
  engine->stop();
  const auto other = handles.receiving->consume(
      {.producer_id = handles.producer->id(), .rtp_capabilities = handles.router->rtp_capabilities()});
  handles.producer->pause();
  handles.consumer->request_key_frame();
  handles.consumer->stats([](const RtpStreamStats&) { FAIL("no worker is there to answer"); });
  static_cast<void>(handles.sending->restart_ice());
  handles.sending->connect(connect_options(dtls_parameters(client_context())));
  const auto late = create_transport();
  SUBCASE("and be gone before they are") {
    engine.reset();
    static_cast<void>(create_transport());
  }
  SUBCASE("and outlive them") {}
  loop.run_ready();
}

TEST_CASE("an engine that was never started ends with its handles or without") {
  EngineFixture started;
  MediaEngine engine{on_loopback(2),
                     gateway_context(),
                     started.loop,
                     started.clock,
                     repeatable_random(),
                     started.log,
                     started.metrics.component("media")};
  const auto router = engine.create_router();
  const auto transport = EngineFixture::create_transport_in(*router);
  const auto producer = EngineFixture::produce_audio(*transport);
  CHECK(engine.ports().size() == 2);
}

}  // namespace sluice::test
