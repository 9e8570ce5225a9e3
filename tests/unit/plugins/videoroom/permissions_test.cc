// Which role may do what, and how a participant is told.

#include <doctest/doctest.h>

#include <set>

#include "moderation_fixture.h"

using namespace sluice;
using namespace sluice::testing;

namespace {

struct Default {
  Permission permission;
  Role least;
};

// The whole table: a new permission without its row fails the first test.
constexpr Default kDefaults[] = {
    {Permission::publish_audio, Role::attendee}, {Permission::publish_video, Role::attendee},
    {Permission::share_screen, Role::attendee},  {Permission::chat, Role::viewer},
    {Permission::chat_private, Role::viewer},    {Permission::chat_announce, Role::co_host},
    {Permission::chat_moderate, Role::co_host},  {Permission::upload_files, Role::attendee},
    {Permission::raise_hand, Role::viewer},      {Permission::react, Role::viewer},
    {Permission::mute_others, Role::co_host},    {Permission::remove_participant, Role::co_host},
    {Permission::add_participant, Role::host},   {Permission::admit, Role::co_host},
    {Permission::change_role, Role::host},       {Permission::spotlight, Role::co_host},
    {Permission::set_layout, Role::co_host},     {Permission::record, Role::co_host},
    {Permission::stream, Role::co_host},         {Permission::lock_room, Role::co_host},
    {Permission::close_room, Role::host},
};

template <class F>
void for_each_permission(F f) {
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Permission>>(
      [&](auto enumerator) { f(enumerator.value, std::string{enumerator.name}); });
}

json::object only(const std::string& permission, json::value least) {
  return {{"least_role", json::object{{permission, std::move(least)}}}};
}

}  // namespace

TEST_CASE("every permission is an option of the same name, and its default is the least role that may") {
  Assembly assembly;
  std::set<Permission> listed;
  for (const Default& row : kDefaults) {
    listed.insert(row.permission);
    CAPTURE(to_json(row.permission).as_string());
    for (FakeClient* client : assembly.people()) {
      const Participant& participant = assembly.participant(*client);
      CHECK(participant.may(row.permission) == (participant.role() <= row.least));
    }
  }
  const SchemaNode schema = sluice_plugin.manifest().options.node();
  const SchemaNode* options = schema.find("least_role");
  for_each_permission([&](Permission permission, const std::string& name) {
    CAPTURE(name);
    CHECK(listed.contains(permission));
    REQUIRE(options != nullptr);
    REQUIRE(options->find(name) != nullptr);
  });
}

TEST_CASE("every option moves its permission, and no other") {
  for_each_permission([](Permission permission, const std::string& name) {
    CAPTURE(name);
    Assembly assembly{only(name, "presenter")};
    CHECK(assembly.participant(assembly.petra).may(permission));
    CHECK_FALSE(assembly.participant(assembly.anton).may(permission));
    for (const Default& row : kDefaults) {
      if (row.permission == permission) continue;
      CHECK(assembly.participant(assembly.anton).may(row.permission) == (Role::attendee <= row.least));
    }
  });
}

TEST_CASE("who may not is told which role may, and where nobody may, what is switched off") {
  Assembly assembly{only("spotlight", nullptr)};
  const auto refusal = [&](FakeClient& client, Permission permission) {
    try {
      assembly.participant(client).demand(permission);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::permission_denied);
      return error.details();
    }
    return json::object{};
  };
  CHECK(refusal(assembly.anton, Permission::close_room) ==
        json::object{{"requiredRole", "host"}, {"currentRole", "attendee"}});
  CHECK(refusal(assembly.hanna, Permission::close_room).empty());
  CHECK(refusal(assembly.hanna, Permission::spotlight) == json::object{{"feature", "spotlight"}});
  const Answer answer = assembly.ask(assembly.hanna, "participant:spotlight", whom(assembly.id(assembly.anton)));
  CHECK(answer.code() == "PERMISSION_DENIED");
  CHECK(answer.details() == json::object{{"feature", "spotlight"}});
}

TEST_CASE("a participant learns what its role lets it do when it joins") {
  Assembly assembly;
  const auto features = [&](const std::string& role) {
    const Answer joined = assembly.join(assembly.person_with_role("new-" + role, role));
    return joined["features"].as_object();
  };
  const json::object attendee = features("attendee");
  for_each_permission([&](Permission permission, const std::string& name) {
    CAPTURE(name);
    REQUIRE(attendee.contains(json_name(name)));
    CHECK(attendee.at(json_name(name)).as_bool() == assembly.participant(assembly.anton).may(permission));
  });
  CHECK(attendee.at("publishAudio").as_bool());
  CHECK(attendee.at("publish").as_bool());
  CHECK_FALSE(attendee.at("moderate").as_bool());
  const json::object viewer = features("viewer");
  CHECK_FALSE(viewer.at("publish").as_bool());
  CHECK(viewer.at("raiseHand").as_bool());
  CHECK(features("co_host").at("moderate").as_bool());
}

TEST_CASE("no configuration lets a viewer send") {
  const SchemaNode schema = sluice_plugin.manifest().options.node();
  const SchemaNode* options = schema.find("least_role");
  for (const char* name : {"publish_audio", "publish_video", "share_screen"}) {
    CAPTURE(name);
    const SchemaNode& option = *options->find(name);
    REQUIRE(option.constraints.size() == 1);
    CHECK(option.constraints.front().check(json::value("viewer")).has_value());
    CHECK_FALSE(option.constraints.front().check(json::value("attendee")).has_value());
  }
  Assembly assembly;
  assembly.room().set_policy({.waiting_room = {}, .least_role = {{Permission::publish_audio, Role::viewer}}});
  CHECK_FALSE(assembly.participant(assembly.vera).may(Permission::publish_audio));
  CHECK(assembly.participant(assembly.anton).may(Permission::publish_audio));
}

TEST_CASE("each source needs its own permission, however it is sent") {
  struct Row {
    const char* permission;
    const char* source;
    MediaKind kind;
  };
  constexpr Row kRows[] = {{"publish_audio", "mic", MediaKind::audio},
                           {"publish_video", "webcam", MediaKind::video},
                           {"share_screen", "screen", MediaKind::video}};
  for (const Row& row : kRows) {
    CAPTURE(row.permission);
    Assembly assembly{only(row.permission, "presenter")};
    const json::object denied{{"requiredRole", "presenter"}, {"currentRole", "attendee"}};
    CHECK(assembly.produce(assembly.petra, assembly.transport(assembly.petra, "send"), row.source).ok());
    const std::string transport = assembly.transport(assembly.anton, "send");
    const Answer produced = assembly.produce(assembly.anton, transport, row.source);
    CHECK(produced.code() == "PERMISSION_DENIED");
    CHECK(produced.details() == denied);
    const Answer offered =
        assembly.offer(assembly.anton, Sections{}.sends("0", row.kind), {{"sources", json::object{{"0", row.source}}}});
    CHECK(offered.details() == denied);
  }
}

TEST_CASE("what is called a screen's sound is sound, too") {
  Assembly assembly;
  const auto share = [&](FakeClient& client) {
    return assembly.offer(client, Sections{}.sends("0", MediaKind::audio),
                          {{"sources", json::object{{"0", "screen"}}}});
  };
  CHECK(share(assembly.anton).ok());
  assembly.room().set_policy({.waiting_room = {}, .least_role = {{Permission::publish_audio, std::nullopt}}});
  assembly.host.run();
  CHECK(assembly.host.media().producers.empty());
  CHECK(share(assembly.petra).details() == json::object{{"feature", "publish_audio"}});
}

TEST_CASE("a viewer cannot produce: by no source, by no door") {
  Assembly assembly;
  const std::string transport = assembly.transport(assembly.vera, "send");
  for (const char* source : {"mic", "webcam", "screen"}) {
    CAPTURE(source);
    CHECK(assembly.produce(assembly.vera, transport, source).code() == "PERMISSION_DENIED");
    const MediaKind kind = std::string_view{source} == "mic" ? MediaKind::audio : MediaKind::video;
    const Answer offered =
        assembly.offer(assembly.vera, Sections{}.sends("0", kind), {{"sources", json::object{{"0", source}}}});
    CHECK(offered.code() == "PERMISSION_DENIED");
  }
  CHECK(assembly.ask(assembly.vera, "screenshare:start").code() == "PERMISSION_DENIED");
  CHECK(assembly.host.media().producers.empty());
}
