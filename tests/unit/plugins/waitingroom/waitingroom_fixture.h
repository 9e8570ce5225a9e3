#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/contracts/audit.h"
#include "sluice/plugin.h"
#include "sluice/testing/fake_rooms.h"

extern "C" const sluice::PluginDescriptor sluice_plugin;

namespace sluice::testing {

[[nodiscard]] inline Identity user(const std::string& id, const std::string& tenant = {}) {
  Identity identity;
  identity.user_id = id;
  identity.name = id;
  identity.tenant = tenant;
  return identity;
}
/// Without a token: another user id with each connection.
[[nodiscard]] inline Identity guest(const std::string& id) {
  Identity identity = user(id);
  identity.guest = true;
  return identity;
}
/// With a token that a meeting has made for a guest: the id lasts.
[[nodiscard]] inline Identity guest_with_token(const std::string& id) {
  Identity identity = guest(id);
  identity.claims["meeting"] = "m";
  return identity;
}

[[nodiscard]] inline RoomPolicy with_waiting_room() {
  RoomPolicy policy;
  policy.waiting_room = true;
  return policy;
}
[[nodiscard]] inline RoomPolicy with_host_approval() {
  RoomPolicy policy;
  policy.require_host_approval = true;
  return policy;
}

/// Somebody who wants to join a room.
struct Knock {
  FakeClient& client;
  JoinRequest* request;  ///< kept by the gateway
  std::shared_ptr<FakeRooms::Outcome> outcome{};

  [[nodiscard]] bool held() const { return outcome->held && !decided(); }
  [[nodiscard]] bool passed() const { return outcome->allowed; }
  [[nodiscard]] bool decided() const { return outcome->allowed || outcome->denied; }
  [[nodiscard]] std::string code() const {
    return outcome->denied ? std::string{to_string(outcome->denied->code())} : std::string{};
  }
  [[nodiscard]] json::value info(std::string_view field) const { return outcome->held.value().at(field); }
  /// What it was told last of its position; 0: nothing.
  [[nodiscard]] std::int64_t position() const {
    return client.got("waitingroom:waiting")
               ? client.last("waitingroom:waiting").at("position").to_number<std::int64_t>()
               : 0;
  }
};

struct JoinOptions {
  std::string room_id = "lobby";
  Role role = Role::attendee;
  std::string token{};
  std::optional<RoomPolicy> expected_room{};
};

/// A gateway whose only plugin is the waiting room; rooms are the test's.
class WaitingRoomGateway {
 public:
  explicit WaitingRoomGateway(json::object options = {}) {
    host.bus().on<AuditEvent>([this](const AuditEvent& e) {
      audit.push_back(std::string{e.action} + " " + std::string{e.target} + " by " + e.actor.user_id);
    });
    plugin->start(host, Config{json::value(std::move(options))});
  }
  ~WaitingRoomGateway() { plugin->stop(); }
  WaitingRoomGateway(const WaitingRoomGateway&) = delete;
  WaitingRoomGateway& operator=(const WaitingRoomGateway&) = delete;

  FakeRoom& open(const RoomPolicy& policy = with_waiting_room(), const std::string& id = "lobby",
                 const std::string& tenant = {}) {
    RoomOptions options;
    options.id = id;
    options.tenant = tenant;
    options.policy = policy;
    return rooms.open(options);
  }
  Knock knock(Identity identity, const JoinOptions& options = {}) {
    FakeClient& client = host.connect(std::move(identity));
    requests_.push_back(std::make_unique<JoinRequest>(JoinRequest{.client = client,
                                                                  .room_id = options.room_id,
                                                                  .token = options.token,
                                                                  .password = {},
                                                                  .device = json::object(),
                                                                  .name = client.identity().name,
                                                                  .role = options.role,
                                                                  .attributes = json::object(),
                                                                  .expected_room = options.expected_room}));
    Knock out{.client = client, .request = requests_.back().get()};
    out.outcome = rooms.admit(*out.request);
    return out;
  }
  Knock knock(const std::string& id, const JoinOptions& options = {}) { return knock(user(id), options); }

  FakeParticipant& in_room(FakeRoom& room, const std::string& id, Role role = Role::attendee) {
    return room.join(host.connect(user(id, room.tenant())), role);
  }
  FakeParticipant& moderator(FakeRoom& room, const std::string& id = "host") { return in_room(room, id, Role::host); }
  [[nodiscard]] static FakeClient& client_of(FakeParticipant& one) { return static_cast<FakeClient&>(*one.client()); }

  /// The client goes away, or gives up.
  void abandon(Knock& one) {
    one.outcome->request = nullptr;
    if (one.outcome->abandoned) one.outcome->abandoned();
    host.run();
  }
  Answer ask(FakeParticipant& one, std::string_view event, const json::object& data = {}) {
    return host.call(client_of(one), event, json::value(data));
  }
  Answer admit(FakeParticipant& one, const std::string& id) {
    return ask(one, "waitingroom:admit", {{"participantId", id}});
  }
  /// The ids of those who wait, as a moderator sees them.
  std::vector<std::string> waiting(FakeParticipant& one) {
    std::vector<std::string> out;
    const Answer answer = ask(one, "waitingroom:list");
    for (const json::value& entry : answer["waiting"].as_array()) {
      out.emplace_back(entry.at("participantId").as_string());
    }
    return out;
  }
  /// Long enough that what gathers is told, in a short queue.
  void gather() { host.advance(std::chrono::milliseconds{500}); }
  double ended(const std::string& outcome) { return host.metrics().value("outcomes_total", {{"outcome", outcome}}); }

  FakeHost host{"waitingroom"};
  FakeRooms rooms{host};
  std::vector<std::string> audit;  ///< `<action> <target> by <user>`
  std::unique_ptr<Plugin> plugin = sluice_plugin.create();

 private:
  std::vector<std::unique_ptr<JoinRequest>> requests_;
};

}  // namespace sluice::testing
