#include "tests/unit/plugins/recording/recording_gateway.h"

namespace sluice::testing {

namespace {

struct Asking {
  RecordingGateway gateway{{{"consent", "explicit"}}};
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  FakeClient& ben = gateway.join(room, "ben");
  std::string id = gateway.begin(anna);
  Captured& capture = *gateway.captures.at(0);

  Answer consent(FakeClient& client, bool accepted) {
    return gateway.host.call(client, "recording:consent", {{"recordingId", id}, {"accepted", accepted}});
  }
};

}  // namespace

TEST_CASE("where consent is asked for, all but who began it are asked, and nobody else is taken") {
  Asking asking;
  CHECK(asking.capture.consent == recording::Consent::explicit_);
  CHECK(asking.capture.did == Names{"take p-anna"});
  CHECK_FALSE(asking.anna.got("recording:consent"));
  CHECK(asking.ben.last("recording:consent").at("required") == true);
  CHECK(asking.ben.last("recording:started").at("consentRequired") == true);
}

TEST_CASE("an answer holds until another one, moderators see it, and it is in the audit trail") {
  Asking asking;
  REQUIRE(asking.consent(asking.ben, true).ok());
  CHECK(asking.capture.did.back() == "take p-ben");
  const json::value told = asking.anna.last("recording:consent-updated").at("participants").at(0);
  CHECK(told.at("participantId") == "p-ben");
  CHECK(told.at("accepted") == true);
  CHECK_FALSE(asking.ben.got("recording:consent-updated"));
  REQUIRE(asking.consent(asking.ben, false).ok());
  CHECK(asking.capture.did.back() == "leave out p-ben");
  CHECK(asking.gateway.audits.back() == "recording.consent by ben");
}

TEST_CASE("who comes later is asked, and again after a lost connection as long as it has not answered") {
  Asking asking;
  FakeClient& carl = asking.gateway.join(asking.room, "carl");
  CHECK(carl.got("recording:started"));
  CHECK(carl.got("recording:consent"));
  FakeParticipant& participant = *asking.room.find("p-carl");
  asking.room.away(participant);
  FakeClient& back = asking.gateway.host.connect(user("carl"));
  asking.room.returned(participant, back);
  asking.gateway.host.run();
  CHECK(back.got("recording:consent"));
  asking.consent(back, false);
  asking.room.away(participant);
  FakeClient& again = asking.gateway.host.connect(user("carl"));
  asking.room.returned(participant, again);
  asking.gateway.host.run();
  CHECK(again.got("recording:started"));
  CHECK_FALSE(again.got("recording:consent"));
}

TEST_CASE("a moderator who comes later learns what everybody has said") {
  Asking asking;
  asking.consent(asking.ben, false);
  FakeClient& dora = asking.gateway.join(asking.room, "dora", Role::co_host);
  const json::value all = dora.last("recording:consent-updated").at("participants");
  REQUIRE(all.as_array().size() == 3);
  CHECK(all.at(0).at("accepted") == true);
  CHECK(all.at(1) == json::value(json::object{{"participantId", "p-ben"}, {"accepted", false}}));
  CHECK(all.at(2).at("accepted").is_null());  // she herself
}

TEST_CASE("an answer to another recording, or to none, is refused") {
  Asking asking;
  CHECK(asking.gateway.host.call(asking.ben, "recording:consent", {{"recordingId", "other"}, {"accepted", true}})
            .code() == "NOT_FOUND");
  CHECK(asking.gateway.host.call(asking.ben, "recording:consent", {{"recordingId", asking.id}}).code() ==
        "INVALID_PAYLOAD");
  asking.gateway.host.call(asking.anna, "recording:stop");
  CHECK(asking.consent(asking.ben, true).code() == "NOT_FOUND");
}

TEST_CASE("where all are only told, an answer changes nothing") {
  RecordingGateway gateway;
  FakeRoom& room = gateway.room();
  FakeClient& anna = gateway.join(room, "anna", Role::host);
  const std::string id = gateway.begin(anna);
  CHECK(gateway.host.call(anna, "recording:consent", {{"recordingId", id}, {"accepted", false}}).ok());
  CHECK(gateway.captures[0]->did.empty());
  CHECK(gateway.captures[0]->consent == recording::Consent::implied);
}

}  // namespace sluice::testing
