// Full ICE as an operator writes it: from YAML to a call.

#include <algorithm>

#include "core/app/option_mapping.h"
#include "core/config/gateway_config.h"
#include "tests/integration/media/full_ice_fixture.h"
#include "tests/unit/core/config/fake_source.h"

namespace sluice::test {
namespace {

std::string yaml(const CoturnProcess& coturn, const std::string& password) {
  const std::string server = std::string{CoturnProcess::kIp} + ":" + std::to_string(coturn.port());
  return "media:\n  workers: 2\n  ice:\n    mode: full\n    base_port: 0\n    listen_addresses: [127.0.0.1]\n"
         "    stun_servers: ['stun:" +
         server + "']\n    turn_servers:\n      - {urls: ['turn:" + server +
         "?transport=udp'], username: " + CoturnProcess::kUser + ", credential: " + password + "}\n";
}

MediaEngineOptions options_of(const std::string& text) {
  const config::FakeSource nothing;
  const auto config = config::parse_gateway_config(text, "test.yaml", nothing.source());
  if (!config) FAIL(config.error().to_string());
  return engine_options(config->options.media, 1);
}

bool has(const Transport& transport, IceCandidateType type) {
  return std::ranges::find(transport.ice_candidates(), type, &IceCandidate::type) != transport.ice_candidates().end();
}

}  // namespace

TEST_CASE("a call with mode full and the STUN and TURN servers of the configuration") {
  const CoturnProcess coturn;
  const MediaEngineOptions options = options_of(yaml(coturn, CoturnProcess::kPassword));
  REQUIRE(options.full_ice.has_value());
  REQUIRE(options.full_ice->stun.has_value());
  CHECK(options.full_ice->stun->port == coturn.port());
  CHECK(options.full_ice->local_addresses == std::vector<std::string>{"127.0.0.1"});

  FullIceFixture gateway{options};
  const auto sending = gateway.gather_transport();
  const auto receiving = gateway.gather_transport();
  CHECK(has(*sending, IceCandidateType::host));
  CHECK(has(*sending, IceCandidateType::relay));
  GlibThread thread;
  FullIceClient alice{thread, relayed(coturn)};
  FullIceClient bob{thread, ice_on_loopback()};
  gateway.connect(*sending, alice);
  gateway.connect(*receiving, bob);
  gateway.check_call(alice, *sending, bob, *receiving);
}

TEST_CASE("a wrong TURN credential in the configuration leaves the other candidates") {
  const CoturnProcess coturn;
  FullIceFixture gateway{options_of(yaml(coturn, "wrong"))};
  const auto transport = gateway.gather_transport();
  CHECK(has(*transport, IceCandidateType::host));
  CHECK(!has(*transport, IceCandidateType::relay));
}

TEST_CASE("TCP is taken unless the configuration says no") {
  CHECK(options_of("").tcp);
  CHECK_FALSE(options_of("media: {ice: {tcp: false}}").tcp);
}

TEST_CASE("mode lite asks no server") { CHECK(!options_of("media: {ice: {mode: lite}}").full_ice.has_value()); }

TEST_CASE("addresses of servers whose port cannot be read are errors when the engine's options are made") {
  for (const char* uri : {"stun:host:notaport", "stun:host:99999"}) {
    CAPTURE(uri);
    config::MediaOptions options;
    options.ice.mode = config::IceMode::full;
    options.ice.stun_servers = {uri};
    CHECK_THROWS_AS(static_cast<void>(engine_options(options, 1)), std::runtime_error);
  }
}

}  // namespace sluice::test
