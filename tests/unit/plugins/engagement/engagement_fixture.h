#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/contracts/audit.h"
#include "sluice/contracts/engagement.h"
#include "sluice/plugin.h"
#include "sluice/testing/fake_rooms.h"

extern "C" const sluice::PluginDescriptor sluice_plugin;

namespace sluice::testing {

/// A gateway whose only plugin is engagement; rooms are the test's.
class EngagementGateway {
 public:
  explicit EngagementGateway(json::object options = {}) {
    host.bus().on<AuditEvent>([this](const AuditEvent& e) {
      heard.push_back(std::string{e.action} + " " + std::string{e.target} + " by " + e.actor.user_id);
    });
    host.bus().on<HandRaised>([this](const HandRaised& e) { heard.push_back("hand " + e.participant.name()); });
    host.bus().on<ReactionSent>([this](const ReactionSent& e) {
      heard.push_back("reaction " + std::string{e.emoji} + " " + e.participant.name());
    });
    plugin->start(host, Config{json::value(std::move(options))});
  }
  ~EngagementGateway() { plugin->stop(); }
  EngagementGateway(const EngagementGateway&) = delete;
  EngagementGateway& operator=(const EngagementGateway&) = delete;

  FakeRoom& open(const std::string& id = "lobby", const std::string& tenant = {}) {
    RoomOptions options;
    options.id = id;
    options.tenant = tenant;
    return rooms.open(options);
  }
  FakeParticipant& join(FakeRoom& room, const std::string& id, Role role = Role::attendee) {
    Identity identity;
    identity.user_id = identity.name = id;
    identity.tenant = room.tenant();
    FakeParticipant& one = room.join(host.connect(std::move(identity)), role);
    host.run();
    return one;
  }
  [[nodiscard]] static FakeClient& client_of(FakeParticipant& one) { return static_cast<FakeClient&>(*one.client()); }
  Answer ask(FakeParticipant& one, std::string_view event, const json::object& data = {}) {
    return host.call(client_of(one), event, json::value(data));
  }
  /// The participants whose hands are up, in order.
  std::vector<std::string> hands(FakeParticipant& asker) {
    std::vector<std::string> out;
    const Answer answer = ask(asker, "hand:list");
    for (const json::value& hand : answer["hands"].as_array()) {
      out.emplace_back(hand.at("participantId").as_string());
      if (hand.at("order").to_number<std::size_t>() != out.size()) throw std::logic_error{"the order has gaps"};
    }
    return out;
  }
  /// The order in its attribute; 0: no hand.
  [[nodiscard]] static std::int64_t shown_order(const FakeParticipant& one) {
    const json::value* hand = one.attributes().if_contains("handRaised");
    return hand == nullptr ? 0 : hand->at("order").to_number<std::int64_t>();
  }

  FakeHost host{"engagement"};
  FakeRooms rooms{host};
  std::vector<std::string> heard;  ///< on the bus
  std::unique_ptr<Plugin> plugin = sluice_plugin.create();
};

}  // namespace sluice::testing
