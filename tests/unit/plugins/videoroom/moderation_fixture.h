#pragma once

#include <algorithm>
#include <vector>

#include "sdp_fixture.h"
#include "sluice/contracts/audit.h"

namespace sluice::testing {

/// A room with one participant of each role, one user in another room, and one in another tenant's room of the same id.
/// Mailboxes are empty, and what is audited is kept.
class Assembly : public SdpGateway {
 public:
  explicit Assembly(json::object options = {}) : SdpGateway{std::move(options)} {
    host.bus().on<AuditEvent>([this](const AuditEvent& event) {
      audited.push_back({.action = std::string{event.action},
                         .actor = event.actor.user_id,
                         .target = std::string{event.target},
                         .room = std::string{event.room_id},
                         .details = event.details});
    });
    for (FakeClient* client : people()) enter(*client, "lobby");
    enter(elsewhere, "elsewhere");
    enter(stranger, "lobby");
    clear();
  }

  [[nodiscard]] std::vector<FakeClient*> people() { return {&hanna, &cora, &petra, &anton, &vera}; }
  void clear() {
    for (FakeClient* client : people()) client->clear();
    elsewhere.clear();
    stranger.clear();
    audited.clear();
  }
  std::string id(FakeClient& client) { return participant_id(client); }
  Participant& participant(FakeClient& client) { return rooms().participant_of(client); }
  Room& room() { return *rooms().find("", "lobby"); }
  FakeProducer& producer_of(FakeClient& client, const std::string& source = "mic") {
    return host.media().producer(producer(client, source));
  }
  /// What others see of somebody, from the roster.
  json::object seen(FakeClient& client) { return participant(client).summary(); }
  Answer ask(FakeClient& client, std::string_view event, json::object data = {}) {
    return host.call(client, event, json::value(std::move(data)));
  }
  FakeClient& enter(FakeClient& client, const std::string& room_id) {
    if (const Answer answer = join(client, room_id); !answer.ok()) throw std::logic_error{answer.message()};
    return client;
  }

  struct Audited {
    std::string action;
    std::string actor;
    std::string target;
    std::string room;
    json::object details;
  };
  std::vector<Audited> audited;

  FakeClient& hanna = person_with_role("hanna", "host");
  FakeClient& cora = person_with_role("cora", "co_host");
  FakeClient& petra = person_with_role("petra", "presenter");
  FakeClient& anton = person_with_role("anton", "attendee");
  FakeClient& vera = person_with_role("vera", "viewer");
  FakeClient& elsewhere = person_with_role("emil", "attendee");
  FakeClient& stranger = person("sven", "other");
};

[[nodiscard]] inline json::object whom(std::string participant_id, json::object more = {}) {
  more["participantId"] = std::move(participant_id);
  return more;
}

}  // namespace sluice::testing
