#include "core/app/option_mapping.h"

#include <doctest/doctest.h>

#include "core/config/gateway_config.h"

namespace sluice {
namespace {

config::GatewayConfig configured(const std::string& yaml) {
  auto config = config::parse_gateway_config(yaml, "s.yaml");
  if (!config) FAIL(config.error().to_string());
  return std::move(config).value();
}

MediaEngineOptions engine(const std::string& media) {
  return engine_options(configured("media: {" + media + "}\n").options.media, 4);
}

FullIceOptions full_ice(const std::string& ice) { return *engine("ice: {mode: full, " + ice + "}").full_ice; }

}  // namespace

TEST_CASE("0 workers are as many as there are cores, and at least one") {
  CHECK(engine("workers: 0").workers == 4);
  CHECK(engine("workers: 2").workers == 2);
  CHECK(engine_options(configured("media: {workers: 0}\n").options.media, 0).workers == 1);
}

TEST_CASE("full ICE is only there when it is asked for") {
  CHECK(!engine("ice: {mode: lite, stun_servers: ['stun:stun.example.org']}").full_ice.has_value());
  CHECK(engine("ice: {mode: full}").full_ice.has_value());
}

TEST_CASE("STUN and TURN servers are read from their URIs, RFC 7064 and RFC 7065") {
  struct Case {
    std::string uri;
    std::string host;
    std::uint16_t port;
    TurnTransport transport;
  };
  for (const Case& server :
       std::vector<Case>{{"turn:turn.example.org", "turn.example.org", 3478, TurnTransport::udp},
                         {"turn:turn.example.org:5000", "turn.example.org", 5000, TurnTransport::udp},
                         {"turn:turn.example.org:5000?transport=tcp", "turn.example.org", 5000, TurnTransport::tcp},
                         {"turns:turn.example.org", "turn.example.org", 5349, TurnTransport::tls},
                         {"turn:192.0.2.1?transport=udp", "192.0.2.1", 3478, TurnTransport::udp},
                         {"turn:[2001:db8::1]:5000", "2001:db8::1", 5000, TurnTransport::udp},
                         {"turn:[2001:db8::1]", "2001:db8::1", 3478, TurnTransport::udp}}) {
    CAPTURE(server.uri);
    const FullIceOptions options =
        full_ice("turn_servers: [{urls: ['" + server.uri + "'], username: me, credential: secret}]");
    REQUIRE(options.turn.size() == 1);
    CHECK(options.turn[0].host == server.host);
    CHECK(options.turn[0].port == server.port);
    CHECK(options.turn[0].transport == server.transport);
    CHECK(options.turn[0].user == "me");
    CHECK(options.turn[0].password == "secret");
  }
  const FullIceOptions stun = full_ice("stun_servers: ['stun:stun.example.org:19302']");
  REQUIRE(stun.stun.has_value());
  CHECK(stun.stun->host == "stun.example.org");
  CHECK(stun.stun->port == 19302);
}

TEST_CASE("a server whose port is no port is an error that quotes it") {
  for (const std::string uri : {"stun:host:0x50", "stun:host:99999", "stun:host:", "stun::80"}) {
    CAPTURE(uri);
    CHECK_THROWS_WITH(static_cast<void>(full_ice("stun_servers: ['" + uri + "']")),
                      doctest::Contains(("'" + uri + "'").c_str()));
  }
}

TEST_CASE("the page is served from where it is installed, from elsewhere, or not at all") {
  const ProgramPaths paths{.plugins = {}, .web = "/opt/sluice/share/sluice/web"};
  const auto folder = [&](const std::string& http) {
    return public_listener(configured("http: {public: {" + http + "}}\n").options, paths).static_files.directory;
  };
  CHECK(folder("port: 1") == paths.web);
  CHECK(folder("static_dir: site") == "site");
  CHECK(folder("static_dir: none").empty());
}

TEST_CASE("plugins are looked for in the operator's folders first") {
  const ProgramPaths paths{.plugins = "/opt/sluice/lib/sluice/plugins", .web = {}};
  const auto folders = plugin_folders(configured("plugin_dirs: [mine, ours]\n").options, paths);
  CHECK(folders == std::vector<std::string>{"mine", "ours", paths.plugins});
}

TEST_CASE("guests are admitted while there is no key, and as the operator says") {
  const auto admits = [](const std::string& auth) {
    return identity_options(configured("auth: {" + auth + "}\n").options.auth).allow_guests;
  };
  CHECK(admits(""));
  CHECK(!admits("jwt: {secret: 0123456789abcdef0123456789abcdef}"));
  CHECK(!admits("guests: deny"));
  CHECK(admits("guests: allow, jwt: {secret: 0123456789abcdef0123456789abcdef}"));
}

TEST_CASE("what an Engine.IO client may send fits both a message and a body") {
  const auto most = [](const std::string& http) {
    return socket_io_options(configured("http: {public: {" + http + "}}\n").options).engine.max_payload_bytes;
  };
  CHECK(most("message_bytes: 2048, body_bytes: 4096") == 2048);
  CHECK(most("message_bytes: 4096, body_bytes: 2048") == 2048);
}

}  // namespace sluice
