#include "core/app/profile_mapping.h"

#include <doctest/doctest.h>

#include "core/config/gateway_config.h"

namespace sluice {

TEST_CASE("what a profile says in YAML reaches the dispatcher's tables") {
  const auto config = config::parse_gateway_config(R"(
signalling:
  default_profile: old
  profiles:
    old:
      incoming:
        produce: {event: produce, defaults: [{when: {kind: audio}, data: {source: mic}}], echo: [kind], context: room}
        announce: {remember: {event: produce, when: {kind: video}, data: {source: screen}}}
        toggle: {event: media:toggle, each: {audio: {as: enabled, data: {source: mic}}}}
        join: {event: room:join, fields: {a: b}, values: {a: {x: y}}, answer: {fields: {d: c}}, result: j, result_unless: held}
      outgoing:
        changed: [{event: left, for_each: gone.all, fields: {id: who}}]
)",
                                                   "s.yaml");
  if (!config) FAIL(config.error().to_string());
  const ProfileTable table = profile_table(config->options.signalling);
  const Profile& old = *table.choose({}).value();
  CHECK(old.targets() == std::vector<std::string>{"media:toggle", "produce", "room:join"});

  const AliasRules& produce = old.alias("produce")->rules;
  CHECK(produce.defaults.front().when == json::object{{"kind", "audio"}});
  CHECK(produce.echo == std::vector<std::string>{"kind"});
  CHECK(produce.context == "room");
  CHECK(old.alias("announce")->rules.remember->defaults.data == json::object{{"source", "screen"}});
  CHECK(old.alias("toggle")->rules.each.at("audio").as == "enabled");
  const Profile::Alias& join = *old.alias("join");
  CHECK(join.request.apply({{"a", "x"}}) == json::object{{"b", "y"}});
  CHECK(join.answer.apply({{"c", 1}}) == json::object{{"d", 1}});
  CHECK(join.rules.result == "j");
  CHECK(join.rules.result_unless == "held");
  const Profile::OlderEvent& left = old.older_events("changed")->front();
  CHECK(left.for_each == FieldPath{"gone", "all"});
  CHECK(left.data.apply({{"who", 2}}) == json::object{{"id", 2}});
}

}  // namespace sluice
