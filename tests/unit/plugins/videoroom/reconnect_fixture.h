#pragma once

#include <chrono>
#include <string>

#include "videoroom_fixture.h"

namespace sluice::testing {

/// A room in which connections break: Anna, its host, and Ben.
struct ReconnectGateway : VideoRoomGateway {
  explicit ReconnectGateway(json::object options = {}) : VideoRoomGateway{std::move(options)} {
    anna_token = text(anna_joined.data(), "reconnectToken");
    ben_token = text(ben_joined.data(), "reconnectToken");
    ben_id = participant_id(*ben);
    anna.clear();
    ben->clear();
  }

  /// The connection breaks, and with it the FakeClient.
  void lose(FakeClient& client) { host.disconnect(client, "transport_lost"); }
  void lose_ben() { lose(*ben); }
  Answer attempt(FakeClient& client, const std::string& token) {
    return host.call(client, "reconnect:attempt", json::object{{"reconnectToken", token}});
  }
  /// Ben, by a new client and the newest token. Throws std::logic_error where he is refused.
  Answer ben_returns() {
    ben = &person("ben");
    Answer answer = attempt(*ben, ben_token);
    ben_token = text(answer.data(), "reconnectToken");
    return answer;
  }
  /// The summary of Ben's that Anna was sent last.
  json::object told_of_ben() { return anna.last("participant:updated").at("participant").as_object(); }
  Participant* seat_of_ben() { return rooms().find("", "lobby")->find(ben_id); }

  FakeClient& anna = person("anna");
  Answer anna_joined = join(anna);
  FakeClient* ben = &person("ben");  // until his connection breaks
  Answer ben_joined = join(*ben);
  std::string anna_token;
  std::string ben_token;
  std::string ben_id;
};

constexpr std::chrono::milliseconds kGrace{15'000};  // the option's default

}  // namespace sluice::testing
