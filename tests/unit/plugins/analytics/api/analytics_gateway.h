#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

#include "sluice/contracts/chat.h"
#include "sluice/contracts/engagement.h"
#include "sluice/contracts/room_stats.h"
#include "sluice/plugin.h"
#include "sluice/testing/fake_host.h"
#include "sluice/testing/fake_media_taps.h"
#include "sluice/testing/fake_meetings.h"
#include "sluice/testing/fake_room_stats.h"
#include "sluice/testing/fake_rooms.h"
#include "tests/unit/plugins/sqlite_store.h"

extern "C" const sluice::PluginDescriptor sluice_plugin;

namespace sluice::testing {

using namespace std::chrono_literals;

inline Identity user(const std::string& id) {
  Identity identity;
  identity.user_id = id;
  identity.name = "User " + id;
  return identity;
}

/// A gateway whose only plugin is analytics, asked as the meetings plugin and operators ask it.
class AnalyticsGateway {
 public:
  explicit AnalyticsGateway(json::object options = {}) {
    host.services().provide<Meetings>(meetings);
    host.services().provide<RoomStats>(stats);
    plugin->start(host, Config{json::value(std::move(options))});
    host.run();
  }
  ~AnalyticsGateway() { plugin->stop(); }
  AnalyticsGateway(const AnalyticsGateway&) = delete;
  AnalyticsGateway& operator=(const AnalyticsGateway&) = delete;

  FakeRoom& open(const std::string& id) {
    RoomOptions options;
    options.id = id;
    return rooms.open(options);
  }
  FakeParticipant& join(FakeRoom& room, const std::string& id, Role role = Role::attendee) {
    return room.join(host.connect(user(id)), role);
  }
  void talks(Room& room, const Participant& who, int seconds) {
    for (int i = 0; i < seconds; ++i) {
      const Voice voices[] = {{who.id(), 20, true}};
      host.bus().publish(VoicesHeard{room, voices, 1s});
      host.advance(1s);
    }
  }
  /// A part of the meeting, below its path.
  HttpReply::Response ask(const std::string& part, const std::string& path, const std::string& caller,
                          std::map<std::string, std::string, std::less<>> query = {}) {
    HttpRequest request;
    request.method = "GET";
    request.path = "/api/meeting/meeting/" + path;
    request.query = std::move(query);
    request.identity = user(caller);
    const auto sink = std::make_shared<Sink>();
    try {
      meetings.parts.at(part)(request, meetings.info, rest::Reply{HttpReply{sink}});
    } catch (const Error& error) {
      return HttpReply::failure(error);
    }
    host.run();
    REQUIRE(sink->answer);
    return *sink->answer;
  }
  json::value data(const HttpReply::Response& response) {
    REQUIRE(response.status == 200);
    return json::parse(response.body).at("data");
  }
  json::value operators(const std::string& route, HttpRequest request = {}) {
    const HttpAnswer answer = host.admin().call("GET", route, std::move(request));
    host.run();
    REQUIRE(answer.status() == 200);
    return answer.body().at("data");
  }

  struct Sink final : HttpReply::Sink {
    void send(HttpReply::Response response) override { answer.emplace(std::move(response)); }
    void abandoned() override {}
    std::optional<HttpReply::Response> answer;
  };

  FakeHost host{"analytics"};
  SqliteStore store{host, "analytics"};
  FakeRooms rooms{host};
  FakeMediaTaps media{host};
  FakeMeetings meetings;
  FakeRoomStats stats;
  std::unique_ptr<Plugin> plugin = sluice_plugin.create();
};

}  // namespace sluice::testing
