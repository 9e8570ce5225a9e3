#include "core/config/profile_options.h"

#include <doctest/doctest.h>

#include "core/config/gateway_config.h"
#include "tests/unit/core/config/fake_source.h"

namespace sluice::config {
namespace {

std::string problems(const std::string& text) {
  const auto config = parse_gateway_config(text, "s.yaml", FakeSource{}.source());
  return config ? "valid" : config.error().to_string();
}

/// The problem of an entry of `incoming` or `outgoing`, without its place.
std::string profile_problem(const std::string& rules) {
  const std::string text = problems("signalling: {profiles: {old: {" + rules + "}}}\n");
  const auto key = text.find("key '");
  return key == std::string::npos ? text : text.substr(key);
}

struct Wrong {
  const char* yaml;
  const char* message;
};

}  // namespace

TEST_CASE("a profile is read, with names for both ways") {
  const auto config = parse_gateway_config(R"(
signalling:
  default_profile: old
  profiles:
    old:
      incoming:
        join-meeting: {event: room:join, fields: {meetingId: roomId}, result: meeting-joined}
        screen:publish: {remember: {event: produce, data: {source: screen, n: 1, on: true}}}
      outgoing:
        chat:message: [{event: new-chat}, {event: "chat:receive", for_each: list}]
)",
                                           "s.yaml", FakeSource{}.source());
  REQUIRE(config);
  const SignallingOptions& options = config->options.signalling;
  CHECK(options.default_profile == "old");
  const ProfileOptions& profile = options.profiles.at("old");
  CHECK(profile.incoming.at("join-meeting").fields.at("meetingId") == "roomId");
  CHECK(profile.incoming.at("screen:publish").remember->data.at("on") == json::value(true));
  CHECK(profile.incoming.at("screen:publish").remember->data.at("n") == json::value(1));
  CHECK(profile.outgoing.at("chat:message").at(1).for_each == "list");
}

TEST_CASE("a mistake is told where it stands") {
  CHECK(problems("signalling:\n  profiles:\n    old:\n      incoming:\n        a: {event: room:join, feilds: {}}\n") ==
        "s.yaml:5:31: key 'signalling.profiles.old.incoming.a.feilds' is unknown; did you mean 'fields'?");
  CHECK(
      problems("signalling:\n  profiles:\n    old:\n      incoming:\n        a: {event: b}\n        b: {event: c}\n") ==
      "s.yaml:4:7: key 'signalling.profiles.old.incoming' leads from alias to alias: 'a' is 'b', which is an alias "
      "itself");
  CHECK(problems("signalling: {default_profile: new}\n") ==
        "s.yaml:1:14: key 'signalling.default_profile' must be empty or the name of a profile");
  CHECK(problems("signalling: {profiles: {Old: {}}}\n") ==
        "s.yaml:1:24: key 'signalling.profiles' must hold names of lower-case letters, digits and '-'");
}

TEST_CASE("each rule of a profile has its own message") {
  const Wrong table[] = {
      {"incoming: {a: {event: a}}", "valid"},
      {"incoming: {a: {event: b}, b: {event: b, result: c}}", "valid"},
      {"incoming: {a: {event: b}, b: {event: a}}",
       "key 'signalling.profiles.old.incoming' leads from alias to alias: 'a' is 'b', which is an alias itself"},
      {"incoming: {a: {event: b}, a: {event: c}}", "key 'a' is written twice; the first one is in line 1"},
      {"incoming: {connect: {event: b}}", "key 'signalling.profiles.old.incoming' must hold names of events"},
      {"incoming: {a: {}}",
       "key 'signalling.profiles.old.incoming.a.event' is required, unless the alias only has something to remember"},
      {"incoming: {a: {event: disconnect}}",
       "key 'signalling.profiles.old.incoming.a.event' must be the name of an event, of 128 bytes at most and none "
       "that "
       "Socket.IO keeps for itself"},
      {"incoming: {a: {event: b, fields: {x.: y}}}",
       "key 'signalling.profiles.old.incoming.a.fields' must hold names of fields, such as roomId or participant.name"},
      {"incoming: {a: {event: b, fields: {x: a.b.c.d.e.f.g.h.i}}}",
       "key 'signalling.profiles.old.incoming.a.fields' must hold names of fields, such as roomId or participant.name"},
      {"incoming: {a: {event: b, fields: {x: ''}}}",
       "key 'signalling.profiles.old.incoming.a.fields' must hold names of fields, such as roomId or participant.name"},
      {"incoming: {a: {event: b, values: {kind: {audio: mic}}}}",
       "key 'signalling.profiles.old.incoming.a.values' names 'kind', which is no older name under fields"},
      {"incoming: {a: {event: b, result_unless: held}}",
       "key 'signalling.profiles.old.incoming.a.result_unless' is of no use without result"},
      {"incoming: {a: {remember: {event: b, data: {x: 1}}, each: {x: {as: y}}}}",
       "key 'signalling.profiles.old.incoming.a.each' is of no use without event"},
      {"incoming: {a: {remember: {data: {x: 1}}}}",
       "key 'signalling.profiles.old.incoming.a.remember.event' is required"},
      {"incoming: {a: {remember: {event: b}}}", "key 'signalling.profiles.old.incoming.a.remember.data' is required"},
      {"incoming: {a: {event: b, context: room.id}}",
       "key 'signalling.profiles.old.incoming.a.context' must be the name of a field, without dots"},
      {"outgoing: {a: []}", "key 'signalling.profiles.old.outgoing' must hold 1 to 4 older events for 'a'"},
      {"outgoing: {a: [{event: b}, {event: b}]}", "key 'signalling.profiles.old.outgoing' holds 'b' twice for 'a'"},
      {"outgoing: {a: [{event: connect}]}",
       "key 'signalling.profiles.old.outgoing.a[0].event' must be the name of an event, of 128 bytes at most and none "
       "that Socket.IO keeps for itself"},
      {"outgoing: {a: [{event: b, lists: {x: {.: y}}}]}",
       "key 'signalling.profiles.old.outgoing.a[0].lists' must hold names of fields, such as roomId or "
       "participant.name"},
  };
  for (const auto& [yaml, message] : table) {
    CAPTURE(yaml);
    CHECK(profile_problem(yaml) == message);
  }
}

TEST_CASE("profiles have bounds") {
  std::string fields;
  for (int i = 0; i < 65; ++i) fields += "f" + std::to_string(i) + ": x, ";
  CHECK(profile_problem("incoming: {a: {event: b, fields: {" + fields + "}}}").find("64") != std::string::npos);
  std::string aliases;
  for (int i = 0; i < 257; ++i) aliases += "a" + std::to_string(i) + ": {event: x}, ";
  CHECK(profile_problem("incoming: {" + aliases + "}").find("256") != std::string::npos);
}

TEST_CASE("the older names that are shipped are a valid profile, which somebody includes") {
  const auto config = load_gateway_config(std::string{SLUICE_SOURCE_DIR} + "/configs/aliases/kcs.yaml");
  if (!config) FAIL(config.error().to_string());
  CHECK(config->options.signalling.default_profile.empty());
  const ProfileOptions& kcs = config->options.signalling.profiles.at("kcs");
  CHECK(kcs.incoming.at("join-meeting").event == "room:join");
  CHECK(kcs.outgoing.at("room:joined").front().lists.at("participants").at("userId") == "participantId");
}

}  // namespace sluice::config
