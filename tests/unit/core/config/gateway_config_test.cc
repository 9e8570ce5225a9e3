#include "core/config/gateway_config.h"

#include <doctest/doctest.h>

#include "core/config/masked_json.h"
#include "core/config/print_defaults.h"
#include "tests/unit/core/config/fake_source.h"

namespace sluice::config {
namespace {

/// The problems of a text, or "valid".
std::string problems(const std::string& text, const FakeSource& fake = {}) {
  const auto config = parse_gateway_config(text, "s.yaml", fake.source());
  return config ? "valid" : config.error().to_string();
}

GatewayOptions options(const std::string& text, const FakeSource& fake = {}) {
  auto config = parse_gateway_config(text, "s.yaml", fake.source());
  if (!config) FAIL(config.error().to_string());
  return config->options;
}

struct Wrong {
  const char* yaml;
  const char* message;
};

}  // namespace

TEST_CASE("each mistake has its own message with its place") {
  const Wrong table[] = {
      {"http:\n  public:\n    prot: 80\n", "s.yaml:3:5: key 'http.public.prot' is unknown; did you mean 'port'?"},
      {"htpt: {}\n", "s.yaml:1:1: key 'htpt' is unknown; did you mean 'http'?"},
      {"log: {colour: red}\n",
       "s.yaml:1:7: key 'log.colour' is unknown; known are level, format, file, rotate_bytes, rotated_files, levels"},
      {"media: {zzzzzzzz: 1}\n",
       "s.yaml:1:9: key 'media.zzzzzzzz' is unknown; known are workers, ice, dtls, max_transports_per_worker, codecs, "
       "video_keyframe_min_interval_ms, bandwidth, ice_servers"},
      {"media: {bandwidth: {start_kbps: 60, min_kbps: 100}}\n",
       "s.yaml:1:21: key 'media.bandwidth.start_kbps' must lie between min_kbps and max_kbps"},
      {"auth: {gateway_tokens: {secret: short}}\n",
       "s.yaml:1:25: key 'auth.gateway_tokens.secret' must be 32 bytes or more, or empty"},
      {"media: {ice_servers: [{urls: ['stun:s'], secret: x}]}\n",
       "s.yaml:1:42: key 'media.ice_servers[0].secret' needs a TURN server: STUN asks for no credentials"},
      {"media: {ice_servers: [{urls: ['turn:t'], username: me, secret: x}]}\n",
       "s.yaml:1:56: key 'media.ice_servers[0].secret' stands instead of username and credential"},
      {"http: {threads: many}\n", "s.yaml:1:17: key 'http.threads' must be an integer, not 'many'"},
      {"http: {threads: \"2\"}\n", "s.yaml:1:17: key 'http.threads' must be an integer, not '2'"},
      {"http: {threads: 2.5}\n", "s.yaml:1:17: key 'http.threads' must be an integer, not '2.5'"},
      {"http: {threads: [2]}\n", "s.yaml:1:17: key 'http.threads' must be an integer, not a list"},
      {"http: {threads: 99}\n", "s.yaml:1:17: key 'http.threads' must be between 1 and 64"},
      {"http: {threads:}\n", "s.yaml:1:8: key 'http.threads' has no value; leave the key out to have the default"},
      {"http:\n  public: {port: 65536}\n", "s.yaml:2:18: key 'http.public.port' must be between 0 and 65535"},
      {"http: {public: {port: -1}}\n", "s.yaml:1:23: key 'http.public.port' must be between 0 and 65535"},
      {"http: {public: {address: localhost}}\n",
       "s.yaml:1:26: key 'http.public.address' must be an IP address, such as 127.0.0.1 or ::"},
      {"http: {public: {cors_origins: [example.org]}}\n",
       "s.yaml:1:31: key 'http.public.cors_origins' must hold origins such as https://app.example.org, or '*'"},
      {"http: {public: {cors_origins: '*'}}\n",
       "s.yaml:1:31: key 'http.public.cors_origins' must be a list of strings, not '*'"},
      {"http: {public: {tls: {mode: files}}}\n",
       "s.yaml:1:23: key 'http.public.tls.mode' is 'files', which needs both certificate_file and key_file"},
      {"http: {admin: {address: 0.0.0.0}}\n",
       "s.yaml:1:16: key 'http.admin.address' is not a loopback address: set http.admin.token, http.admin.tokens or "
       "http.admin.tls.client_certificates, or listen on "
       "127.0.0.1"},
      {"http: {admin: {tokens: [{name: ann, token: short}]}}\n",
       "s.yaml:1:37: key 'http.admin.tokens[0].token' must have at least 16 characters, such as those of `openssl rand "
       "-base64 32`"},
      {"http: {admin: {tls: {client_certificates: required}}}\n",
       "s.yaml:1:22: key 'http.admin.tls.client_certificates' needs TLS: set mode to files or self_signed"},
      {"plugins: {admin-tokens: {}}\n",
       "s.yaml:1:10: key 'plugins' must not hold 'admin-tokens': 'admin' is the gateway's own name"},
      {"http: nonsense\n", "s.yaml:1:7: key 'http' must be a section of keys, not 'nonsense'"},
      {"auth: {guests: alow}\n",
       "s.yaml:1:16: key 'auth.guests' must be one of auto, allow, deny, not 'alow'; did you mean 'allow'?"},
      {"auth: {jwt: {secret: [a]}}\n", "s.yaml:1:22: key 'auth.jwt.secret' must be a string, not a list"},
      {"auth: {jwt: {algorithms: [none]}}\n",
       "s.yaml:1:27: key 'auth.jwt.algorithms[0]' must be one of HS256, RS256, ES256, not 'none'"},
      {"auth: {jwt: {algorithms: []}}\n", "s.yaml:1:26: key 'auth.jwt.algorithms' must not be empty"},
      {"limits: {events_per_second: fast}\n",
       "s.yaml:1:29: key 'limits.events_per_second' must be a number, not 'fast'"},
      {"log: {levels: {chat: loud}}\n",
       "s.yaml:1:22: key 'log.levels.chat' must be one of trace, debug, info, warning, error, off, not 'loud'"},
      {"media:\n  codecs:\n    - {clock_rate: 90000}\n", "s.yaml:3:7: key 'media.codecs[0].mime_type' is required"},
      {"media: {codecs: [{mime_type: opus}]}\n",
       "s.yaml:1:30: key 'media.codecs[0].mime_type' must be a media type such as audio/opus or video/VP8"},
      {"media: {ice: {turn_servers: [{urls: ['http://x']}]}}\n",
       "s.yaml:1:37: key 'media.ice.turn_servers[0].urls' must hold URLs such as stun:stun.example.org:3478 or "
       "turn:turn.example.org?transport=udp"},
      {"plugins: [echo]\n", "s.yaml:1:10: key 'plugins' must be a map of sections, not a list"},
      {"plugins: {Echo: {}}\n", "s.yaml:1:10: key 'plugins' must hold names of lower-case letters, digits and '-'"},
      {"plugins: {echo: {optional: maybe}}\n",
       "s.yaml:1:28: key 'plugins.echo.optional' must be true or false, not 'maybe'"},
      {"log: {}\nlog: {}\n", "s.yaml:2:1: key 'log' is written twice; the first one is in line 1"},
      {"- a\n", "s.yaml:1:1: a configuration is a mapping of sections, such as 'http:' and 'plugins:'"},
      {"log: {level: info\n", "s.yaml:2:1: not valid YAML: end of map flow not found"},
      {"log: *nothing\n", "s.yaml:1:6: not valid YAML: the referenced anchor is not defined"},
      {"log: {file: !secret x}\n", "s.yaml:1:13: the tag '!secret' is not supported"},
      {"log: {}\n---\nlog: {}\n", "s.yaml:2:1: a file holds one YAML document, this is a second one"},
      {"? [a]\n: 1\n", "s.yaml:1:3: a key must be plain text"},
      {"log: &l {levels: *l}\n", "s.yaml:1:18: an alias cannot stand inside of what it names"},
  };
  for (const auto& [yaml, message] : table) {
    CAPTURE(yaml);
    CHECK(problems(yaml) == message);
  }
}

TEST_CASE("an empty file is a valid configuration: all defaults") {
  for (const char* text : {"", "# nothing\n", "---\n", "{}", "http:\nlog:\nplugins:\n"}) {
    CAPTURE(text);
    CHECK(problems(text) == "valid");
  }
  const auto defaults = options("");
  CHECK(defaults.http.public_.port == 8080);
  CHECK(defaults.http.admin.address == "127.0.0.1");
  CHECK(defaults.media.codecs.size() == 6);
  CHECK(defaults.media.ice.base_port == 40'000);
  CHECK(defaults.media.ice.tcp);
  CHECK(defaults.plugins.empty());
}

TEST_CASE("several problems are reported together, in one list") {
  CHECK(problems("log: {level: loud}\nlog: {}\nhttp: {threads: 0, x: 1}\n") ==
        "s.yaml:2:1: key 'log' is written twice; the first one is in line 1\n"
        "s.yaml:1:14: key 'log.level' must be one of trace, debug, info, warning, error, off, not 'loud'\n"
        "s.yaml:3:20: key 'http.x' is unknown; known are public, admin, threads\n"
        "s.yaml:3:17: key 'http.threads' must be between 1 and 64");
}

TEST_CASE("a value that the reader refused is one problem, also where its section has rules of its own") {
  CHECK(problems("http: {admin: {address: '${NOT_SET}', port: 1}}").starts_with("s.yaml:1:25: "));
  CHECK(problems("http: {admin: {address: \"a\\0b\"}}") == "s.yaml:1:25: the value contains a NUL character");
  CHECK(problems("http: {admin: {address: !odd x}}") == "s.yaml:1:25: the tag '!odd' is not supported");
}

TEST_CASE("the list of problems is bounded") {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "unknown" + std::to_string(i) + ": 1\n";
  const auto config = parse_gateway_config(text, "s.yaml", {});
  REQUIRE_FALSE(config);
  CHECK(config.error().count() == 50);
  CHECK(config.error().kept().size() == ConfigProblems::kMaxProblems);
  CHECK(config.error().to_string().ends_with("\nand 30 more"));
}

TEST_CASE("what an operator typed is cut and cleaned before it is quoted") {
  CHECK(problems("\"a\\nb\": 1\n").find("key 'a?b' is unknown") != std::string::npos);
  CHECK(problems(std::string(5'000, 'x') + "_: {\n").size() < 400);
  CHECK(problems("log: {level: " + std::string(5'000, 'x') + "}\n").size() < 400);
}

TEST_CASE("options reach the typed struct") {
  const auto read = options(R"(
gateway: {name: edge-1, drain_timeout_ms: 1500}
log: {level: debug, levels: {videoroom: trace}}
http:
  public: {address: "::", port: 0, cors_origins: ["*", https://app.example.org]}
  admin: {address: 10.0.0.1, token: t0ken}
auth: {jwt: {secret: 12345, leeway_s: 5}}
limits: {events_per_second: 12.5}
media:
  ice: {turn_servers: [{urls: ["turn:t.example.org"], username: u, credential: c}]}
  codecs:
    - {mime_type: video/H264, payload_type: 102, parameters: {packetization-mode: 1, profile-level-id: "640032"}}
plugins:
  echo:
  recording: {optional: true, file: /opt/r.so, anything: [1, 2]}
)");
  CHECK(read.gateway.name == "edge-1");
  CHECK(read.gateway.drain_timeout_ms == std::chrono::milliseconds{1500});
  CHECK(read.log.levels.at("videoroom") == LogLevel::trace);
  CHECK(read.http.public_.cors_origins == std::vector<std::string>{"*", "https://app.example.org"});
  CHECK(read.http.admin.token.matches("t0ken"));
  CHECK(read.auth.jwt.secret.matches("12345"));
  CHECK(read.limits.events_per_second == 12.5);
  CHECK(read.media.ice.turn_servers.at(0).credential.matches("c"));
  REQUIRE(read.media.codecs.size() == 1);
  CHECK(read.media.codecs[0].payload_type == 102);
  CHECK(read.media.codecs[0].parameters.at("packetization-mode") == json::value(1));
  CHECK(read.media.codecs[0].parameters.at("profile-level-id") == json::value("640032"));
  CHECK(read.plugins.size() == 2);
  CHECK(read.plugins.at("recording").optional);
  CHECK(read.plugins.at("recording").file == "/opt/r.so");
}

TEST_CASE("guests are admitted by themselves only where no key is configured") {
  CHECK(options("").auth.admits_guests());
  CHECK_FALSE(options("auth: {jwt: {secret: s}}").auth.admits_guests());
  CHECK_FALSE(options("auth: {jwt: {jwks_file: keys.json}}").auth.admits_guests());
  CHECK_FALSE(options("auth: {guests: deny}").auth.admits_guests());
  CHECK(options("auth: {guests: allow, jwt: {secret: s}}").auth.admits_guests());
}

TEST_CASE("the admin listener may have any address once it has a token") {
  CHECK(problems("http: {admin: {address: 0.0.0.0, token: t}}") == "valid");
  CHECK(problems("http: {admin: {address: '::1'}}") == "valid");
  CHECK(problems("http: {admin: {address: 127.8.8.8}}") == "valid");
  CHECK(problems("http: {admin: {address: '::'}}") != "valid");
}

TEST_CASE("no secret is in the masked JSON") {
  const auto config = parse_gateway_config(R"(
auth: {jwt: {secret: hunter2}}
http: {admin: {token: hunter2}}
media: {ice_servers: [{urls: ["turn:t"], credential: hunter2}]}
plugins: {chat: {password: hunter2}}
)",
                                           "s.yaml", {});
  REQUIRE(config);
  const auto schema = GatewayOptions::schema();
  const std::string text = to_masked_json(schema.node(), config->canonical);
  CHECK(text.find("hunter2") == std::string::npos);
  CHECK(text.find(R"("secret":"***")") != std::string::npos);
  CHECK(text.find(R"("credential":"***")") != std::string::npos);

  SUBCASE("one that is not set shows as not set") {
    const auto none = parse_gateway_config("", "s.yaml", {});
    CHECK(to_masked_json(schema.node(), none->canonical).find("***") == std::string::npos);
  }
}

TEST_CASE("a message never quotes a value of the environment") {
  FakeSource fake;
  fake.variable("PASSWORD", "hunter2");
  CHECK(problems("http: {threads: \"${PASSWORD}\"}", fake) ==
        "s.yaml:1:17: key 'http.threads' must be an integer, which the environment's value is not");
  CHECK(problems("auth: {guests: \"${PASSWORD}\"}", fake).find("hunter2") == std::string::npos);
}

TEST_CASE("the printed defaults load, and are the defaults") {
  const auto schema = GatewayOptions::schema();
  const std::string text = print_defaults(schema.node());
  const auto printed = parse_gateway_config(text, "defaults.yaml", {});
  if (!printed) FAIL(printed.error().to_string());
  const auto defaults = parse_gateway_config("", "s.yaml", {});
  REQUIRE(defaults);
  CHECK(printed->canonical == defaults->canonical);
  CHECK(text.find("# (integer (milliseconds); 0 to 86400000; reloadable)") != std::string::npos);
  CHECK(text.find("    port: 8080\n") != std::string::npos);
}

TEST_CASE("the shipped example is valid, with the secret and without") {
  const std::string path = std::string{SLUICE_SOURCE_DIR} + "/configs/sluice.yaml";
  ConfigSource source = system_source();
  source.environment = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
  const auto open = load_gateway_config(path, source);
  if (!open) FAIL(open.error().to_string());
  CHECK(open->options.auth.admits_guests());
  for (const char* plugin : {"videoroom", "meetings", "waitingroom", "engagement", "chat", "whip", "echo"}) {
    CAPTURE(plugin);
    CHECK(open->options.plugins.contains(plugin));
  }

  source.environment = [](const std::string&) -> std::optional<std::string> { return "s3cret"; };
  const auto closed = load_gateway_config(path, source);
  REQUIRE(closed);
  CHECK(closed->options.auth.jwt.secret.matches("s3cret"));
  CHECK_FALSE(closed->options.auth.admits_guests());
}

}  // namespace sluice::config
