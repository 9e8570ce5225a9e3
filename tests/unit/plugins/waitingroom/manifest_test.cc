#include <doctest/doctest.h>

#include "waitingroom_fixture.h"

using namespace sluice;
using namespace sluice::testing;

TEST_CASE("the manifest names what the waiting room needs, and every option may be reloaded") {
  const Manifest manifest = sluice_plugin.manifest();
  CHECK(manifest.name == "waitingroom");
  CHECK(manifest.requires_ == std::vector<std::string>{"sluice.rooms/1", "sluice.admission/1"});
  for (const SchemaNode& option : manifest.options.node().children) {
    CAPTURE(option.name);
    CHECK(option.reloadable);
  }
}

TEST_CASE("it answers to the events of the protocol") {
  WaitingRoomGateway gateway;
  CHECK(gateway.host.events().names() ==
        std::vector<std::string>{"waitingroom:admit", "waitingroom:deny", "waitingroom:list"});
}
