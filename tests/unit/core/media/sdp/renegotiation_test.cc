#include <doctest/doctest.h>

#include "tests/unit/core/media/sdp/session_fixture.h"

namespace sluice::sdp {
namespace {

const std::string kMicrophone = offers::chrome_audio("0", "sendonly");
const std::string kCamera = offers::chrome_video("1", "sendonly") + offers::kThreeRids;

std::string offer_of(std::string_view mids, const std::string& sections) {
  return offers::kSession + offers::bundle(mids) + sections;
}

/// An m-section that the client has closed.
std::string closed(std::string_view mid, std::string_view media = "audio 0 UDP/TLS/RTP/SAVPF 111") {
  return "m=" + std::string{media} + "\na=mid:" + std::string{mid} + "\na=inactive\n";
}

Error refused(SessionFixture& fixture, const std::string& text) {
  return refusal([&] { static_cast<void>(fixture.session.read_offer(text)); });
}

}  // namespace

TEST_CASE("a second offer adds a section; the transport is left alone") {
  SessionFixture fixture;
  static_cast<void>(fixture.answer_all(offer_of("0", kMicrophone)));
  const SdpOffer offer = fixture.session.read_offer(offer_of("0 1", kMicrophone + kCamera));
  CHECK(offer.sending.size() == 2);
  const SessionDescription answer = fixture.read(fixture.session.answer(fixture.mids_of(offer), {}));
  CHECK(answer.bundle == std::vector<std::string>{"0", "1"});
  CHECK(answer.sections[1].direction == Direction::recvonly);
  CHECK(answer.sections[1].transport.setup == Setup::passive);
  CHECK(fixture.transport.restarts == 0);
}

TEST_CASE("a client that pauses a section and takes it up again keeps its mid") {
  SessionFixture fixture;
  static_cast<void>(fixture.answer_all(offer_of("0 1", kMicrophone + kCamera)));
  const SdpOffer paused =
      fixture.session.read_offer(offer_of("0 1", kMicrophone + offers::chrome_video("1", "inactive")));
  CHECK(fixture.mids_of(paused) == std::vector<std::string>{"0"});
  CHECK(fixture.read(fixture.session.answer(fixture.mids_of(paused), {})).sections[1].direction == Direction::inactive);
  CHECK(fixture.session.read_offer(offer_of("0 1", kMicrophone + kCamera)).sending.size() == 2);
}

TEST_CASE("RFC 8829 section 5.2.2: the client closes a section and recycles its index under another mid") {
  SessionFixture fixture;
  static_cast<void>(fixture.answer_all(offer_of("0 1", kMicrophone + kCamera)));
  const std::string without = fixture.answer_all(offer_of("1", closed("0") + kCamera));
  const SessionDescription answer = fixture.read(without);
  CHECK(answer.sections[0].closed());
  CHECK(answer.bundle == std::vector<std::string>{"1"});
  CHECK(answer.sections[1].transport.candidates.size() == 1);

  SUBCASE("even by another kind") {
    const std::string text = offer_of("2 1", offers::chrome_video("2", "recvonly") + kCamera);
    const SessionDescription recycled = fixture.read(fixture.answer_all(text));
    CHECK(recycled.sections[0].mid == "2");
    CHECK(recycled.sections[0].direction == Direction::sendonly);
  }
  SUBCASE("not under the mid that it had") {
    const std::string text = offer_of("0 1", kMicrophone + kCamera);
    const Error error = refused(fixture, text);
    CHECK(error.code() == ErrorCode::invalid_payload);
    CHECK(line_of(error) == line_number(text, "m=audio"));
  }
  SUBCASE("nor may the mid come back elsewhere") {
    const std::string text = offer_of("0 1", closed("9") + kCamera + kMicrophone);
    const Error error = refused(fixture, text);
    CHECK(error.code() == ErrorCode::invalid_payload);
    CHECK(line_of(error) == line_number(text, "m=audio", 1));
  }
}

TEST_CASE("what a later offer may not do") {
  SessionFixture fixture;
  const std::string first = offer_of("0 1", kMicrophone + kCamera);
  static_cast<void>(fixture.answer_all(first));
  struct Row {
    std::string text;
    ErrorCode code;
    std::size_t line;
  };
  const std::size_t audio = line_number(first, "m=audio");
  const std::size_t video = line_number(first, "m=video");
  const std::string fingerprint = std::string{offers::kFingerprint};
  for (const Row& row : std::vector<Row>{
           {offer_of("0", kMicrophone), ErrorCode::invalid_payload, audio},
           {offer_of("5 1", offers::chrome_audio("5") + kCamera), ErrorCode::invalid_payload, audio},
           {offer_of("0 1", offers::chrome_video("0", "sendonly") + kCamera), ErrorCode::invalid_payload, audio},
           {offers::with(first, " VP8/", " VP9/"), ErrorCode::invalid_payload, line_number(first, "a=rtpmap:96")},
           {offers::with(first, "extmap:4 ", "extmap:9 "), ErrorCode::invalid_payload,
            line_number(first, "a=extmap:4")},
           {offers::with(first, "sha-256 AB", "sha-256 AA"), ErrorCode::unsupported,
            line_number(first, "a=fingerprint")},
           {offers::with(first, "setup:actpass", "setup:passive"), ErrorCode::unsupported,
            line_number(first, "a=setup")},
           {offers::with(first, "ufrag:clnt", "ufrag:next"), ErrorCode::invalid_payload,
            line_number(first, "a=ice-ufrag")},
       }) {
    CAPTURE(row.text.substr(0, 400));
    const Error error = refused(fixture, row.text);
    CHECK(error.code() == row.code);
    CHECK(line_of(error) == row.line);
  }
  CHECK(video != audio);
  CHECK_NOTHROW(static_cast<void>(fixture.answer_all(first)));
}

TEST_CASE("the client restarts ICE: our credentials change, too, and DTLS stays") {
  SessionFixture fixture;
  const std::string first = offer_of("0", kMicrophone);
  static_cast<void>(fixture.answer_all(first));
  const std::string second =
      offers::with(offers::with(first, "ufrag:clnt", "ufrag:next"), "clientPassword", "otherPassword1");
  const std::string answer = fixture.answer_all(second);
  CHECK(fixture.transport.restarts == 1);
  CHECK(has_line(answer, "a=ice-ufrag:ours1"));
  CHECK(has_line(answer, "a=setup:passive"));
  CHECK(has_line(fixture.answer_all(second), "a=ice-ufrag:ours1"));
  CHECK(fixture.transport.restarts == 1);
}

TEST_CASE("a section that was refused may be asked for again") {
  SessionFixture fixture;
  const std::string speex = offers::with(kMicrophone, "opus/48000/2", "speex/16000");
  CHECK(fixture.read(fixture.answer_all(offer_of("0 1", speex + kCamera))).sections[0].closed());
  CHECK(!fixture.read(fixture.answer_all(offer_of("0 1", kMicrophone + kCamera))).sections[0].closed());
}

}  // namespace sluice::sdp
