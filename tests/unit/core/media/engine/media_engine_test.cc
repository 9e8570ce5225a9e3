#include "core/media/engine/media_engine.h"

#include "core/media/worker/media_ports.h"
#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

std::unique_ptr<MediaEngine> make(EngineFixture& with, MediaEngineOptions options) {
  return std::make_unique<MediaEngine>(std::move(options), gateway_context(), with.loop, with.clock,
                                       repeatable_random(), with.log, with.metrics.component("media"));
}

}  // namespace

TEST_CASE_FIXTURE(EngineFixture, "each worker has a port of its own, one after the other from the base port") {
  CHECK(make(*this, on_loopback(3))->ports().size() == 3);
  std::uint16_t base = 0;
  {
    const std::vector any{SocketAddress::parse("127.0.0.1", 0).value()};
    base = MediaPorts::open(any, MediaProtocols::udp_and_tcp).udp.front().local().port();
  }
  MediaEngineOptions options = on_loopback(1);
  options.base_port = base;
  CHECK(make(*this, options)->ports() == std::vector{base});
}

TEST_CASE_FIXTURE(EngineFixture, "a port that is taken is an error which names it") {
  MediaEngineOptions options = on_loopback(1);
  options.base_port = engine->ports().front();
  std::string text;
  try {
    static_cast<void>(make(*this, options));
  } catch (const MediaPortError& error) {
    text = error.what();
  }
  CHECK(text.find(std::to_string(options.base_port)) != std::string::npos);
}

TEST_CASE_FIXTURE(EngineFixture, "addresses that cannot be used are errors") {
  MediaEngineOptions options = on_loopback(1);
  SUBCASE("a name to listen on") { options.listen_addresses = {"localhost"}; }
  SUBCASE("a wildcard to announce") { options.announced_addresses = {"0.0.0.0"}; }
  CHECK_THROWS_AS(static_cast<void>(make(*this, options)), std::runtime_error);
}

TEST_CASE_FIXTURE(EngineFixture, "what is announced replaces the address that is listened on") {
  MediaEngineOptions options = on_loopback(1);
  options.announced_addresses = {"203.0.113.5", "2001:db8::5"};  // the second is of another family
  const auto behind_nat = make(*this, options);
  const auto there = behind_nat->create_router();
  const auto transport = create_transport_in(*there);
  REQUIRE(transport->ice_candidates().size() == 2);
  for (const IceCandidate& candidate : transport->ice_candidates()) {
    CHECK(candidate.ip == "203.0.113.5");
    CHECK(candidate.port == behind_nat->ports().front());
  }
}

TEST_CASE_FIXTURE(EngineFixture, "without TCP no candidate says so") {
  MediaEngineOptions options = on_loopback(1);
  options.tcp = false;
  const auto by_udp = make(*this, options);
  const auto there = by_udp->create_router();
  const auto transport = create_transport_in(*there);
  REQUIRE(transport->ice_candidates().size() == 1);
  CHECK(transport->ice_candidates().front().protocol == IceProtocol::udp);
}

TEST_CASE_FIXTURE(EngineFixture, "listening everywhere, the machine's addresses are told") {
  MediaEngineOptions options = on_loopback(1);
  options.listen_addresses = {"0.0.0.0"};
  const auto everywhere = make(*this, options);
  const auto there = everywhere->create_router();
  const auto transport = create_transport_in(*there);
  REQUIRE(!transport->ice_candidates().empty());
  for (const IceCandidate& candidate : transport->ice_candidates()) CHECK(candidate.ip != "0.0.0.0");
}

TEST_CASE_FIXTURE(EngineFixture, "the metrics follow the workers") {
  const auto transport = create_transport();
  const UdpSocket stranger{SocketAddress::parse("127.0.0.1", 0).value()};
  const auto gateway = SocketAddress::parse("127.0.0.1", engine->ports().front()).value();
  const std::array<std::uint8_t, 12> rtp{0x80, 0x60, 0, 1};
  REQUIRE(::sendto(stranger.fd(), rtp.data(), rtp.size(), 0, gateway.data(), gateway.size()) == 12);
  const auto says = [&](std::string_view line) { return metrics.expose().find(line) != std::string::npos; };
  CHECK(says("sluice_media_datagrams_received_total{worker=\"0\"} 0\n"));
  CHECK(wait_until([&] {
    return says("sluice_media_transports{state=\"created\",worker=\"0\"} 1\n") &&
           says("sluice_media_datagrams_received_total{worker=\"0\"} 1\n") &&
           says("sluice_media_datagrams_dropped_total{reason=\"unvalidated\"} 1\n");
  }));
}

}  // namespace sluice::test
