#include "core/media/engine/transport_handle.h"

#include <algorithm>

#include "core/control/callback_scope.h"
#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

// The worker that a transport of ICE-lite lives on, by its port.
std::size_t worker_of(const EngineFixture& fixture, const Transport& transport) {
  const auto ports = fixture.engine->ports();
  const auto found = std::ranges::find(ports, transport.ice_candidates().front().port);
  REQUIRE(found != ports.end());
  return static_cast<std::size_t>(found - ports.begin());
}

struct TwoWorkers : EngineFixture {
  TwoWorkers() : EngineFixture{on_loopback(2)} {}
};

}  // namespace

TEST_CASE_FIXTURE(EngineFixture, "a router offers the default codecs with their RTX") {
  const auto& codecs = router->rtp_capabilities().codecs;
  const auto count = [&](const std::string& mime_type) {
    return std::ranges::count(codecs, mime_type, &RtpCodecCapability::mime_type);
  };
  CHECK(count("audio/opus") == 1);
  CHECK(count("video/VP8") == 1);
  CHECK(count("video/rtx") >= 3);
  CHECK(router->id() != engine->create_router()->id());
}

TEST_CASE_FIXTURE(TwoWorkers, "a transport tells ICE-lite parameters, candidates of its worker, and the certificate") {
  const auto transport = create_transport();
  CHECK(transport->state() == TransportState::created);
  CHECK(transport->ice_parameters().ice_lite);
  CHECK(transport->ice_parameters().username_fragment.size() >= 8);
  CHECK(transport->ice_parameters().password.size() >= 22);
  REQUIRE(transport->ice_candidates().size() == 2);
  const IceCandidate& candidate = transport->ice_candidates().front();
  CHECK(candidate.ip == "127.0.0.1");
  CHECK(candidate.address == candidate.ip);
  CHECK(candidate.type == IceCandidateType::host);
  CHECK(candidate.protocol == IceProtocol::udp);
  CHECK_FALSE(candidate.tcp_type.has_value());
  const IceCandidate& by_tcp = transport->ice_candidates().back();
  CHECK(by_tcp.protocol == IceProtocol::tcp);
  CHECK(by_tcp.tcp_type == IceTcpType::passive);
  CHECK(by_tcp.ip == candidate.ip);
  CHECK(by_tcp.port == candidate.port);
  CHECK(by_tcp.priority < candidate.priority);
  CHECK(by_tcp.foundation != candidate.foundation);
  CHECK(transport->dtls_parameters().fingerprints == dtls_parameters(gateway_context()).fingerprints);
  CHECK(transport->dtls_parameters().role == DtlsRole::auto_);
}

TEST_CASE_FIXTURE(TwoWorkers, "a new transport goes to the worker with the fewest") {
  auto first = create_transport();
  auto second = create_transport();
  auto third = create_transport();
  CHECK(worker_of(*this, *first) == 0);
  CHECK(worker_of(*this, *second) == 1);
  CHECK(worker_of(*this, *third) == 0);
  first.reset();
  third.reset();
  auto fourth = create_transport();
  auto fifth = create_transport();
  CHECK(worker_of(*this, *fourth) == 0);
  CHECK((worker_of(*this, *fifth) == 0 || worker_of(*this, *fifth) == 1));
  CHECK(worker_of(*this, *second) == 1);
}

TEST_CASE("the gateway holds as many transports as it may, and no more") {
  MediaEngineOptions options = on_loopback(2);
  options.core.max_transports = 2;
  EngineFixture fixture{options};
  std::vector<std::unique_ptr<Transport>> transports;
  for (int i = 0; i < 4; ++i) transports.push_back(fixture.create_transport());
  const Error error = error_of([&] { static_cast<void>(fixture.create_transport()); });
  CHECK(error.code() == ErrorCode::limit_exceeded);
  CHECK(error.details().at("limit").to_number<int>() == 4);
  transports.pop_back();
  CHECK_NOTHROW(transports.push_back(fixture.create_transport()));
}

TEST_CASE_FIXTURE(EngineFixture, "a transport is connected once") {
  const auto transport = create_transport();
  transport->connect(connect_options(dtls_parameters(client_context())));
  const Error error = error_of([&] { transport->connect(connect_options(dtls_parameters(client_context()))); });
  CHECK(error.code() == ErrorCode::conflict);
}

TEST_CASE_FIXTURE(EngineFixture, "fingerprints that prove nothing are refused, and the client may try again") {
  const auto transport = create_transport();
  const auto refuse = [&](DtlsParameters parameters) {
    const Error error = error_of([&] { transport->connect(connect_options(std::move(parameters))); });
    CHECK(error.code() == ErrorCode::invalid_payload);
    CHECK(path_of(error).starts_with("dtlsParameters.fingerprints"));
  };
  SUBCASE("none at all") { refuse({.role = DtlsRole::client, .fingerprints = {}}); }
  SUBCASE("our own") { refuse(dtls_parameters(gateway_context())); }
  SUBCASE("our own, in small letters, beside another") {
    DtlsParameters both = dtls_parameters(client_context());
    DtlsFingerprint own = dtls_parameters(gateway_context()).fingerprints.front();
    for (char& c : own.value) c = static_cast<char>(std::tolower(c));
    both.fingerprints.push_back(own);
    refuse(both);
  }
  SUBCASE("SHA-1 alone") {
    const auto sha_1 = client_context().certificate().fingerprint(FingerprintAlgorithm::sha_1);
    refuse({.role = DtlsRole::client, .fingerprints = {{"sha-1", sha_1.value()}}});
  }
  SUBCASE("one of the wrong length") { refuse({.role = DtlsRole::client, .fingerprints = {{"sha-256", "AB:CD"}}}); }
  CHECK_NOTHROW(transport->connect(connect_options(dtls_parameters(client_context()))));
}

TEST_CASE_FIXTURE(EngineFixture, "an ICE restart gives new credentials") {
  const auto transport = create_transport();
  const IceParameters before = transport->ice_parameters();
  const IceParameters& after = transport->restart_ice();
  CHECK(after.username_fragment != before.username_fragment);
  CHECK(after.password != before.password);
  CHECK(after.ice_lite);
  CHECK(transport->ice_parameters() == after);
}

TEST_CASE_FIXTURE(EngineFixture,
                  "two producers of a transport may not share an SSRC or a MID; a closed one frees its") {
  const auto transport = create_transport();
  auto first = produce_video(*transport, Ssrc{100}, "0");
  const auto conflict = [&](Ssrc ssrc, const std::string& mid, std::string_view path) {
    const Error error = error_of([&] { static_cast<void>(produce_video(*transport, ssrc, mid)); });
    CHECK(error.code() == ErrorCode::conflict);
    CHECK(path_of(error) == path);
  };
  conflict(Ssrc{100}, "1", "rtpParameters.encodings");
  conflict(Ssrc{101}, "1", "rtpParameters.encodings");  // the first one's RTX
  conflict(Ssrc{99}, "1", "rtpParameters.encodings");   // its RTX would be the first one's media
  conflict(Ssrc{200}, "0", "rtpParameters.mid");
  CHECK_NOTHROW(static_cast<void>(produce_video(*transport, Ssrc{200}, "1")));  // refused ones have claimed nothing

  const auto elsewhere = create_transport();
  CHECK_NOTHROW(static_cast<void>(produce_video(*elsewhere, Ssrc{100}, "0")));
  first.reset();
  CHECK_NOTHROW(static_cast<void>(produce_video(*transport, Ssrc{100}, "0")));
}

TEST_CASE_FIXTURE(EngineFixture, "parameters that are wrong are refused with their path, and claim nothing") {
  const auto transport = create_transport();
  RtpParameters parameters = video_parameters(Ssrc{7});
  parameters.codecs.clear();
  const Error error = error_of(
      [&] { static_cast<void>(transport->produce({.kind = MediaKind::video, .rtp_parameters = parameters})); });
  CHECK(error.code() == ErrorCode::invalid_payload);
  CHECK(path_of(error) == "rtpParameters.codecs");
  CHECK_NOTHROW(static_cast<void>(produce_video(*transport, Ssrc{7})));
}

TEST_CASE_FIXTURE(EngineFixture, "a transport carries a limited number of producers and consumers") {
  const auto transport = create_transport();
  std::vector<std::unique_ptr<Producer>> producers;
  for (std::uint32_t i = 0; i < TransportHandle::kMaxProducers; ++i) {
    producers.push_back(produce_audio(*transport, Ssrc{i + 1}, std::to_string(i)));
  }
  const Error producer = error_of([&] { static_cast<void>(produce_audio(*transport, Ssrc{9'999}, "x")); });
  CHECK(producer.code() == ErrorCode::limit_exceeded);

  std::vector<std::unique_ptr<Consumer>> consumers;
  for (std::size_t i = 0; i < TransportHandle::kMaxConsumers; ++i) {
    consumers.push_back(consume(*transport, *producers.front()));
  }
  const Error consumer = error_of([&] { static_cast<void>(consume(*transport, *producers.front())); });
  CHECK(consumer.code() == ErrorCode::limit_exceeded);
  consumers.pop_back();
  CHECK_NOTHROW(static_cast<void>(consume(*transport, *producers.front())));
}

TEST_CASE_FIXTURE(EngineFixture, "a producer is found in its router alone") {
  const auto transport = create_transport();
  const auto producer = produce_audio(*transport);
  const RtpCapabilities& all = router->rtp_capabilities();
  CHECK(router->can_consume(producer->id(), all));
  CHECK(!router->can_consume("nobody", all));
  CHECK(error_of([&] {
          static_cast<void>(transport->consume({.producer_id = "nobody", .rtp_capabilities = all}));
        }).code() == ErrorCode::not_found);

  const auto other = engine->create_router();
  const auto stranger = create_transport_in(*other);
  CHECK(!other->can_consume(producer->id(), all));
  CHECK(error_of([&] {
          static_cast<void>(stranger->consume({.producer_id = producer->id(), .rtp_capabilities = all}));
        }).code() == ErrorCode::not_found);
}

TEST_CASE_FIXTURE(EngineFixture, "who has no codec in common cannot consume") {
  const auto transport = create_transport();
  const auto producer = produce_video(*transport);
  const auto h264_alone = ortc::fixtures::read<RtpCapabilities>(ortc::fixtures::kSafariCapabilities);
  CHECK(!router->can_consume(producer->id(), h264_alone));
  const Error error = error_of(
      [&] { static_cast<void>(transport->consume({.producer_id = producer->id(), .rtp_capabilities = h264_alone})); });
  CHECK(error.code() == ErrorCode::unsupported);
}

TEST_CASE_FIXTURE(EngineFixture, "stats of a transport come back on the control thread, in the scope of who asked") {
  const auto scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "asker"}, clock, log,
                                                     metrics.component("plugins"));
  const auto transport = create_transport();
  std::optional<TransportStats> stats;
  std::shared_ptr<CallbackScope> ran_in;
  scope->call("ask", [&] {
    transport->stats([&](const TransportStats& got) {
      stats = got;
      ran_in = CallbackScope::current();
    });
  });
  CHECK(!stats.has_value());
  REQUIRE(wait_until([&] { return stats.has_value(); }));
  CHECK(ran_in == scope);
  CHECK(stats->state == TransportState::created);
  CHECK(stats->remote_address.empty());

  SUBCASE("not once the scope is closed") {
    bool called = false;
    scope->call("ask", [&] { transport->stats([&](const TransportStats&) { called = true; }); });
    scope->close();
    settle();
    CHECK(!called);
  }
}

TEST_CASE_FIXTURE(TwoWorkers, "stats do not come back to a handle that is gone, and its callbacks die with it") {
  auto transport = create_transport();
  auto producer = produce_audio(*transport);
  auto receiving = create_transport();  // on the other worker
  auto consumer = consume(*receiving, *producer);
  int called = 0;
  const auto owned = std::make_shared<int>();
  consumer->stats([&, owned](const RtpStreamStats&) { ++called; });
  producer->stats([&, owned](const std::vector<RtpStreamStats>&) { ++called; });
  transport->stats([&, owned](const TransportStats&) { ++called; });
  SUBCASE("every handle") {
    consumer.reset();
    producer.reset();
    transport.reset();
    CHECK(owned.use_count() == 1);
  }
  SUBCASE("a producer that closed itself is no different") {
    transport.reset();
    CHECK(producer->closed());
    CHECK(consumer->closed());
    CHECK(owned.use_count() == 1);
  }
  settle();
  CHECK(called == 0);
}

}  // namespace sluice::test
