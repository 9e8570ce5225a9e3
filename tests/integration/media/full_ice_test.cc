// Transports of full ICE through the engine, with coturn.

#include <algorithm>

#include "core/control/callback_scope.h"
#include "tests/integration/media/full_ice_fixture.h"

namespace sluice::test {
namespace {

// The options of an engine and the server that they name.
struct WithStun {
  CoturnProcess coturn;
  MediaEngineOptions options() const {
    FullIceOptions ice = ice_on_loopback();
    ice.stun = StunServer{.host = CoturnProcess::kIp, .port = coturn.port()};
    return full_engine(ice);
  }
};

}  // namespace

TEST_CASE("two clients hear each other through transports of full ICE, on two workers, with a STUN server") {
  const WithStun server;
  FullIceFixture gateway{server.options()};
  const auto sending = gateway.gather_transport();
  const auto receiving = gateway.gather_transport();
  CHECK(!sending->ice_parameters().ice_lite);
  REQUIRE(!sending->ice_candidates().empty());
  CHECK(sending->ice_candidates().front().ip == "127.0.0.1");

  GlibThread thread;
  FullIceClient alice{thread, ice_on_loopback()};
  FullIceClient bob{thread, ice_on_loopback()};
  gateway.connect(*sending, alice);
  gateway.connect(*receiving, bob);
  gateway.check_call(alice, *sending, bob, *receiving);

  SUBCASE("and the gateway learns that a client has closed") {
    std::optional<TransportState> state;
    sending->on_state([&](TransportState next, std::string_view) { state = next; });
    alice.close();
    CHECK(gateway.wait_until([&] { return state == TransportState::closed; }));
  }
}

TEST_CASE("a client that has nothing but a relay is reached through it") {
  const CoturnProcess coturn;
  FullIceFixture gateway;
  const auto sending = gateway.gather_transport();
  const auto receiving = gateway.gather_transport();
  GlibThread thread;
  FullIceClient relayed_client{thread, relayed(coturn)};
  FullIceClient other{thread, ice_on_loopback()};
  gateway.connect(*sending, relayed_client);
  gateway.connect(*receiving, other);
  REQUIRE(!relayed_client.candidates().empty());
  CHECK(std::ranges::all_of(relayed_client.candidates(), [](const IceCandidateInfo& candidate) {
    return candidate.type == IceCandidateType::relay;
  }));
  gateway.check_call(relayed_client, *sending, other, *receiving);
}

TEST_CASE("a gateway that has nothing but a relay is reached through it") {
  const CoturnProcess coturn;
  FullIceFixture gateway{full_engine(relayed(coturn))};
  const auto sending = gateway.gather_transport();
  const auto receiving = gateway.gather_transport();
  REQUIRE(!sending->ice_candidates().empty());
  for (const IceCandidate& candidate : sending->ice_candidates()) CHECK(candidate.type == IceCandidateType::relay);
  GlibThread thread;
  FullIceClient alice{thread, ice_on_loopback()};
  FullIceClient bob{thread, ice_on_loopback()};
  gateway.connect(*sending, alice);
  gateway.connect(*receiving, bob);
  gateway.check_call(alice, *sending, bob, *receiving);
}

TEST_CASE_FIXTURE(FullIceFixture, "the client's ICE parameters must be there and sound; it may then try again") {
  const auto transport = gather_transport();
  const auto refuse = [&](const ConnectOptions& options, std::string_view path,
                          ErrorCode code = ErrorCode::invalid_payload) {
    const Error error = error_of([&] { transport->connect(options); });
    CHECK(error.code() == code);
    CHECK(path_of(error).starts_with(path));
  };
  ConnectOptions options = connect_options(dtls_parameters(client_context()));
  refuse(options, "iceParameters");
  options.ice_parameters = IceParameters{.username_fragment = "u", .password = "short", .ice_lite = false};
  refuse(options, "iceParameters");
  options.ice_parameters =
      IceParameters{.username_fragment = "userfragment", .password = "passwordpasswordpassword", .ice_lite = false};
  options.ice_candidates.resize(kMaxRemoteCandidates + 1);
  refuse(options, "iceCandidates", ErrorCode::limit_exceeded);
  options.ice_candidates.resize(1);
  refuse(options, "iceCandidates");
  options.ice_candidates.clear();
  CHECK_NOTHROW(transport->connect(options));
  CHECK(error_of([&] { transport->connect(options); }).code() == ErrorCode::conflict);
  CHECK(error_of([&] { static_cast<void>(transport->restart_ice()); }).code() == ErrorCode::unsupported);
}

TEST_CASE_FIXTURE(FullIceFixture, "a client's candidates may come after it was connected, a bounded number in all") {
  const auto transport = gather_transport();
  IceCandidate candidate{.foundation = "1", .priority = 99, .ip = "", .address = "192.0.2.1", .port = 4000};
  const auto code_of = [&] { return error_of([&] { transport->add_ice_candidate(candidate); }).code(); };
  CHECK(code_of() == ErrorCode::conflict);

  ConnectOptions options = connect_options(dtls_parameters(client_context()));
  options.ice_parameters =
      IceParameters{.username_fragment = "userfragment", .password = "passwordpasswordpassword", .ice_lite = false};
  options.ice_candidates = {candidate};
  transport->connect(options);
  for (std::size_t i = 1; i < kMaxRemoteCandidates; ++i) CHECK_NOTHROW(transport->add_ice_candidate(candidate));
  CHECK(code_of() == ErrorCode::limit_exceeded);
  candidate.foundation = "no good";
  CHECK(code_of() == ErrorCode::invalid_payload);
}

TEST_CASE_FIXTURE(FullIceFixture, "a transport arrives in the scope of who asked, and not once that is closed") {
  const auto scope = std::make_shared<CallbackScope>(CallbackScope::Options{.name = "asker"}, clock, log,
                                                     metrics.component("plugins"));
  std::shared_ptr<CallbackScope> ran_in;
  scope->call("ask", [&] {
    router->create_transport([&](const std::unique_ptr<Transport>&) { ran_in = CallbackScope::current(); });
  });
  REQUIRE(wait_until([&] { return ran_in != nullptr; }));
  CHECK(ran_in == scope);

  bool called = false;
  scope->call("ask", [&] { router->create_transport([&](const std::unique_ptr<Transport>&) { called = true; }); });
  scope->close();
  static_cast<void>(gather_transport());
  CHECK(!called);
}

TEST_CASE("whoever waits for a transport counts against the limit, and is forgotten with the router") {
  MediaEngineOptions options = full_engine(ice_on_loopback(), 1);
  options.core.max_transports = 1;
  FullIceFixture gateway{options};
  bool called = false;
  const auto owned = std::make_shared<int>();
  gateway.router->create_transport([&, owned](const std::unique_ptr<Transport>&) { called = true; });
  const Error error = error_of([&] { gateway.router->create_transport([](std::unique_ptr<Transport>) {}); });
  CHECK(error.code() == ErrorCode::limit_exceeded);

  gateway.router.reset();
  CHECK(owned.use_count() == 1);
  gateway.router = gateway.engine->create_router();
  std::unique_ptr<Transport> next;
  const auto try_again = [&] {
    try {
      gateway.router->create_transport([&](std::unique_ptr<Transport> transport) { next = std::move(transport); });
      return true;
    } catch (const Error&) {
      return false;  // the one before has not been given up yet
    }
  };
  REQUIRE(gateway.wait_until(try_again));
  CHECK(gateway.wait_until([&] { return next != nullptr; }));
  CHECK(!called);
}

TEST_CASE("the engine stops while transports gather and while they connect") {
  const CoturnProcess coturn;
  FullIceFixture gateway{full_engine(relayed(coturn))};
  GlibThread thread;
  FullIceClient client{thread, ice_on_loopback()};
  std::unique_ptr<Transport> kept = gateway.gather_transport();
  SUBCASE("connected") {
    gateway.connect(*kept, client);
    REQUIRE(gateway.wait_until([&] { return client.can_send(); }, [&] { client.pump(gateway.clock.now()); }));
  }
  SUBCASE("connecting") { gateway.connect(*kept, client); }
  SUBCASE("dropped just before") { kept.reset(); }
  SUBCASE("gathering") {}
  gateway.router->create_transport([](const std::unique_ptr<Transport>&) { FAIL("the engine has stopped"); });
  gateway.engine->stop();
  SUBCASE("the loop runs on") { gateway.loop.run_ready(); }
  SUBCASE("the loop ends") {}
  gateway.router.reset();
  gateway.engine.reset();
  kept.reset();
}

}  // namespace sluice::test
