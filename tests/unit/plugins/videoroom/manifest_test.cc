#include <doctest/doctest.h>

#include <algorithm>

#include "videoroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;

TEST_CASE("the manifest names the services, and every option but the rooms may be reloaded") {
  const Manifest manifest = sluice_plugin.manifest();
  CHECK(manifest.name == "videoroom");
  CHECK(manifest.provides ==
        std::vector<std::string>{"sluice.rooms/1", "sluice.admission/1", "sluice.media-taps/1", "sluice.room-stats/1"});
  for (const SchemaNode& option : manifest.options.node().children) {
    CAPTURE(option.name);
    CHECK(option.reloadable == (option.name != "rooms"));
  }
}

TEST_CASE("the videoroom answers to the events of the protocol") {
  VideoRoomGateway gateway;
  const auto names = gateway.host.events().names();
  for (const char* name : {"room:create",
                           "room:join",
                           "room:leave",
                           "room:close",
                           "room:members",
                           "participant:info",
                           "participant:remove",
                           "participant:mute",
                           "participant:ask-unmute",
                           "participant:add",
                           "participant:spotlight",
                           "role:update",
                           "room:lock",
                           "media:toggle",
                           "mute:self",
                           "router:capabilities",
                           "transport:create",
                           "transport:connect",
                           "transport:restart-ice",
                           "transport:close",
                           "produce",
                           "producer:pause",
                           "producer:resume",
                           "producer:close",
                           "media:unpublish",
                           "screenshare:start",
                           "screenshare:stop",
                           "consume",
                           "consumer:pause",
                           "consumer:resume",
                           "consumer:close",
                           "consumer:priority",
                           "consumer:keyframe"}) {
    CAPTURE(name);
    CHECK(std::ranges::count(names, name) == 1);
  }
}

TEST_CASE("a room that is configured twice keeps the plugin from starting") {
  const json::array twice{json::object{{"id", "a"}}, json::object{{"id", "a"}}};
  CHECK_THROWS_WITH_AS(VideoRoomGateway(json::object{{"rooms", twice}}), "there is a room 'a' already", Error);
}
