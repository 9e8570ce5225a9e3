// Consumers that are made without a producer.

#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

// Two participants send, each from a worker of its own or not; a third one has a slot.
struct Slots : EngineFixture {
  Slots() : EngineFixture{on_loopback(2)} {}

  std::unique_ptr<Consumer> make_slot(MediaKind kind = MediaKind::video) const {
    return receiving->consume(
        {.producer_id = "", .rtp_capabilities = router->rtp_capabilities(), .kind = kind, .mid = "m7"});
  }

  std::unique_ptr<Transport> sending = create_transport();
  std::unique_ptr<Transport> elsewhere = create_transport();
  std::unique_ptr<Transport> receiving = create_transport();
  std::unique_ptr<Producer> camera = produce_video(*sending);
  std::unique_ptr<Producer> other = produce_video(*elsewhere, Ssrc{50});
  std::unique_ptr<Consumer> slot = make_slot();
};

}  // namespace

TEST_CASE_FIXTURE(Slots, "a slot begins empty, under the MID that was asked for") {
  CHECK(slot->producer_id().empty());
  CHECK(slot->kind() == MediaKind::video);
  CHECK(slot->rtp_parameters().mid == "m7");
  CHECK(slot->rtp_parameters().encodings.front().ssrc.has_value());
  CHECK_FALSE(slot->producer_paused());
  CHECK_FALSE(slot->closed());
}

TEST_CASE_FIXTURE(Slots, "a slot takes one producer after the other, and none") {
  other->pause();
  for (const Producer* producer : {camera.get(), other.get(), camera.get(), camera.get()}) {
    slot->set_producer(producer->id());
    CHECK(slot->producer_id() == producer->id());
    CHECK(slot->producer_paused() == producer->paused());
  }
  slot->set_producer("");
  CHECK(slot->producer_id().empty());
  settle();
}

TEST_CASE_FIXTURE(Slots, "a slot whose producer closes is empty, and not closed") {
  int ended = 0;
  slot->on_closed([&](ConsumerEnd) { ++ended; });
  slot->set_producer(camera->id());
  SUBCASE("the producer") { camera.reset(); }
  SUBCASE("its transport") { sending.reset(); }
  loop.run_ready();
  CHECK(slot->producer_id().empty());
  CHECK_FALSE(slot->closed());
  slot->set_producer(other->id());
  CHECK(slot->producer_id() == other->id());
  settle();
  CHECK(ended == 0);

  receiving.reset();
  loop.run_ready();
  CHECK(ended == 1);
  CHECK(slot->closed());
  CHECK(error_of([&] { slot->set_producer(""); }).code() == ErrorCode::conflict);
}

TEST_CASE_FIXTURE(Slots, "a slot hears of the pauses of the producer that it has now") {
  std::vector<bool> told;
  slot->on_producer_paused([&](bool paused) { told.push_back(paused); });
  slot->set_producer(camera->id());
  slot->set_producer(other->id());
  camera->pause();
  other->pause();
  other->resume();
  loop.run_ready();
  CHECK(told == std::vector{true, false});
}

TEST_CASE_FIXTURE(Slots, "what a slot refuses leaves it as it was") {
  slot->set_producer(camera->id());
  const auto microphone = produce_audio(*sending, Ssrc{70});
  const auto code_of = [&](const std::string& id) { return error_of([&] { slot->set_producer(id); }).code(); };
  CHECK(code_of("nobody") == ErrorCode::not_found);
  CHECK(code_of(microphone->id()) == ErrorCode::unsupported);
  const auto stranger = engine->create_router();
  const auto strange_transport = create_transport_in(*stranger);
  CHECK(code_of(produce_video(*strange_transport, Ssrc{90})->id()) == ErrorCode::not_found);
  CHECK(slot->producer_id() == camera->id());

  const auto consumer = consume(*receiving, *camera);
  CHECK(error_of([&] { consumer->set_producer(other->id()); }).code() == ErrorCode::conflict);
}

TEST_CASE_FIXTURE(Slots, "a slot needs a kind, a MID that fits, and a codec in common") {
  const RtpCapabilities& all = router->rtp_capabilities();
  const auto code_of = [&](ConsumeOptions options) {
    return error_of([&] { static_cast<void>(receiving->consume(options)); }).code();
  };
  CHECK(code_of({.producer_id = "", .rtp_capabilities = all}) == ErrorCode::invalid_payload);
  CHECK(code_of({.producer_id = "", .rtp_capabilities = all, .kind = MediaKind::audio, .mid = ""}) ==
        ErrorCode::invalid_payload);
  CHECK(code_of({.producer_id = "", .rtp_capabilities = all, .kind = MediaKind::audio, .mid = std::string(300, 'm')}) ==
        ErrorCode::invalid_payload);
  CHECK(code_of({.producer_id = "", .rtp_capabilities = {}, .kind = MediaKind::audio}) == ErrorCode::unsupported);
}

TEST_CASE_FIXTURE(Slots, "the slots of a transport share a CNAME, so that the client keeps them in step") {
  const auto audio = make_slot(MediaKind::audio);
  CHECK(audio->rtp_parameters().rtcp.cname == slot->rtp_parameters().rtcp.cname);
  CHECK_FALSE(audio->rtp_parameters().rtcp.cname->empty());
}

TEST_CASE_FIXTURE(Slots, "stats of a slot are of what it carries") {
  slot->set_producer(camera->id());
  std::optional<RtpStreamStats> stats;
  slot->stats([&](const RtpStreamStats& got) { stats = got; });
  REQUIRE(wait_until([&] { return stats.has_value(); }));
  CHECK(stats->mime_type == camera->rtp_parameters().codecs.front().mime_type);
  CHECK(stats->ssrc == slot->rtp_parameters().encodings.front().ssrc);
}

TEST_CASE_FIXTURE(Slots, "a consumer of one producer may be told its MID, too") {
  const auto consumer = receiving->consume(
      {.producer_id = camera->id(), .rtp_capabilities = router->rtp_capabilities(), .kind = {}, .mid = "video0"});
  CHECK(consumer->rtp_parameters().mid == "video0");
}

TEST_CASE_FIXTURE(EngineFixture, "candidates of the client are checked, and with ICE-lite not needed") {
  const auto transport = create_transport();
  IceCandidate candidate{.foundation = "1", .priority = 99, .ip = "", .address = "192.0.2.1", .port = 4000};
  for (int i = 0; i < 100; ++i) CHECK_NOTHROW(transport->add_ice_candidate(candidate));
  candidate.port = 0;
  const Error error = error_of([&] { transport->add_ice_candidate(candidate); });
  CHECK(error.code() == ErrorCode::invalid_payload);
  CHECK(path_of(error) == "candidate.port");
}

}  // namespace sluice::test
