#include <doctest/doctest.h>

#include "tests/unit/core/media/sdp/session_fixture.h"

namespace sluice::sdp {
namespace {

Error refused(const std::string& text) {
  SessionFixture fixture;
  const Error error = refusal([&] { static_cast<void>(fixture.session.read_offer(text)); });
  CHECK(!fixture.transport.connected.has_value());
  return error;
}

const std::string kTwo = offers::kSession + offers::bundle("0 1") + offers::chrome_audio("0", "sendonly") +
                         offers::chrome_video("1", "recvonly");

}  // namespace

TEST_CASE("a broken text is an invalid payload with line, reason and path") {
  const Error error = refused(offers::with(kTwo, "opus/48000/2", "opus"));
  CHECK(error.code() == ErrorCode::invalid_payload);
  CHECK(line_of(error) == line_number(kTwo, "a=rtpmap:111"));
  CHECK(error.details().at("reason") == "the clock rate is not 1 to 1000000");
  CHECK(error.details().at("path") == "sdp");
  CHECK(std::string{error.what()} ==
        "sdp line " + std::to_string(line_of(error)) + ": the clock rate is not 1 to 1000000");
}

TEST_CASE("what the gateway has not is unsupported, with the line") {
  struct Row {
    std::string text;
    std::size_t line;
  };
  const std::size_t audio = line_number(kTwo, "m=audio");
  const std::size_t video = line_number(kTwo, "m=video");
  for (const Row& row : std::vector<Row>{
           {offers::with(kTwo, "a=group:BUNDLE 0 1", "a=x"), audio},
           {offers::with(kTwo, "a=group:BUNDLE 0 1", "a=group:BUNDLE 0"), video},
           {offers::with(kTwo, "a=rtcp-mux\n", "a=x\n"), audio},
           {offers::with(kTwo, "a=mid:", "a=x:"), audio},
           {offers::with(kTwo, "a=fingerprint:", "a=x:"), audio},
           {offers::with(kTwo, "a=ice-ufrag:", "a=x:"), audio},
           {offers::with(kTwo, "a=setup:actpass", "a=setup:holdconn"), line_number(kTwo, "a=setup")},
           {offers::with(kTwo, "t=0 0\n", "t=0 0\na=ice-lite\n"), 5},
           {offers::kSession, 1},
       }) {
    CAPTURE(row.text.substr(0, 400));
    const Error error = refused(row.text);
    CHECK(error.code() == ErrorCode::unsupported);
    CHECK(line_of(error) == row.line);
  }
}

TEST_CASE("a single section needs no BUNDLE group") {
  SessionFixture fixture;
  CHECK(has_line(fixture.answer_all(offers::kSession + offers::chrome_audio("0", "sendonly")), "a=group:BUNDLE 0"));
}

TEST_CASE("what the transport does not take is told with its line") {
  const auto refused_line = [](std::string path) {
    SessionFixture fixture;
    fixture.transport.refused_path = std::move(path);
    const Error error = refusal([&] { static_cast<void>(fixture.session.read_offer(kTwo)); });
    CHECK(error.code() == ErrorCode::invalid_payload);
    return line_of(error);
  };
  CHECK(refused_line("dtlsParameters.fingerprints") == line_number(kTwo, "a=fingerprint"));
  CHECK(refused_line("iceParameters.password") == line_number(kTwo, "a=ice-ufrag"));
}

TEST_CASE("what comes out of turn is a conflict") {
  SessionFixture fixture;
  Negotiation& session = fixture.session;
  const auto conflicts = [](auto call) { return refusal(call).code() == ErrorCode::conflict; };
  CHECK(conflicts([&] { static_cast<void>(session.answer({}, {})); }));
  CHECK(conflicts([&] { static_cast<void>(session.read_answer(kTwo)); }));
  CHECK(conflicts([&] { static_cast<void>(session.next_section(MediaKind::audio)); }));
  CHECK(conflicts([&] { static_cast<void>(session.offer({}, {})); }));
  CHECK(conflicts([&] { session.add_candidate(""); }));
  CHECK(conflicts([&] { static_cast<void>(session.read_fragment("")); }));

  static_cast<void>(session.read_offer(kTwo));
  CHECK(conflicts([&] { static_cast<void>(session.offer({}, {})); }));
  CHECK(conflicts([&] { static_cast<void>(session.next_section(MediaKind::audio)); }));
  static_cast<void>(session.answer({}, {}));
  CHECK(conflicts([&] { static_cast<void>(session.answer({}, {})); }));

  static_cast<void>(session.offer({}, {}));
  CHECK(conflicts([&] { static_cast<void>(session.offer({}, {})); }));
  CHECK(conflicts([&] { static_cast<void>(session.next_section(MediaKind::audio)); }));
}

TEST_CASE("what is refused changes nothing") {
  SessionFixture fixture;
  static_cast<void>(fixture.answer_all(kTwo));
  const std::string broken = offers::with(kTwo, "a=mid:1", "a=mid:7");
  CHECK(refusal([&] { static_cast<void>(fixture.session.read_offer(broken)); }).code() != ErrorCode::internal);
  CHECK_NOTHROW(static_cast<void>(fixture.answer_all(kTwo)));
}

}  // namespace sluice::sdp
