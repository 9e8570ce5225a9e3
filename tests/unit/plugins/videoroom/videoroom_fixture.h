#pragma once

#include <memory>
#include <string>

#include "sluice/contracts/admission.h"
#include "sluice/contracts/rooms.h"
#include "sluice/plugin.h"
#include "sluice/testing/fake_host.h"

extern "C" const sluice::PluginDescriptor sluice_plugin;

namespace sluice::testing {

/// A gateway whose only plugin is the videoroom.
class VideoRoomGateway {
 public:
  explicit VideoRoomGateway(json::object options = {}) { plugin->start(host, Config{json::value(std::move(options))}); }
  ~VideoRoomGateway() { plugin->stop(); }
  VideoRoomGateway(const VideoRoomGateway&) = delete;
  VideoRoomGateway& operator=(const VideoRoomGateway&) = delete;

  FakeClient& person(const std::string& user, const std::string& tenant = {}) {
    Identity identity;
    identity.user_id = user;
    identity.name = user;
    identity.tenant = tenant;
    return host.connect(std::move(identity));
  }
  FakeClient& person_with_role(const std::string& user, const std::string& role) {
    Identity identity;
    identity.user_id = user;
    identity.role = role;
    return host.connect(std::move(identity));
  }
  Answer join(FakeClient& client, const std::string& room = "lobby", json::object more = {}) {
    more["roomId"] = room;
    return host.call(client, "room:join", json::value(std::move(more)));
  }
  /// A person who has joined, with an empty mailbox.
  FakeClient& member(const std::string& user, const std::string& room = "lobby") {
    FakeClient& client = person(user);
    if (const Answer answer = join(client, room); !answer.ok()) throw std::logic_error{answer.message()};
    client.clear();
    return client;
  }
  std::string participant_id(FakeClient& client) { return rooms().participant_of(client).id(); }

  std::string transport(FakeClient& client, const std::string& direction) {
    const Answer answer = host.call(client, "transport:create", json::object{{"direction", direction}});
    return std::string{answer["id"].as_string()};
  }
  Answer produce(FakeClient& client, const std::string& transport_id, const std::string& source = "mic",
                 json::object more = {}) {
    more["transportId"] = transport_id;
    more["kind"] = source == "mic" ? "audio" : "video";
    more["source"] = source;
    more["rtpParameters"] = json::object{{"codecs", json::array{}}};
    return host.call(client, "produce", json::value(std::move(more)));
  }
  std::string producer(FakeClient& client, const std::string& source = "mic") {
    return std::string{produce(client, transport(client, "send"), source)["producerId"].as_string()};
  }
  Answer consume(FakeClient& client, const std::string& transport_id, const std::string& producer_id) {
    return host.call(client, "consume",
                     json::object{{"transportId", transport_id},
                                  {"producerId", producer_id},
                                  {"rtpCapabilities", json::object{{"codecs", json::array{}}}},
                                  {"paused", true}});
  }

  Rooms& rooms() { return *host.services().require<Rooms>(); }
  Admission& admission() { return *host.services().require<Admission>(); }

  FakeHost host{"videoroom"};
  std::unique_ptr<Plugin> plugin = sluice_plugin.create();
};

/// The text at a path of one or two fields.
[[nodiscard]] inline std::string text(const json::value& value, std::string_view field) {
  return std::string{value.as_object().at(field).as_string()};
}

}  // namespace sluice::testing
