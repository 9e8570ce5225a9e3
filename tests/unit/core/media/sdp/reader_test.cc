#include <doctest/doctest.h>

#include "core/media/sdp/limits.h"
#include "core/media/sdp/writer.h"
#include "tests/unit/core/media/sdp/session_fixture.h"

namespace sluice::sdp {
namespace {

const std::string kHead = offers::kSession;

/// An m-section of audio with these lines.
std::string section(const std::string& lines) { return kHead + "m=audio 9 UDP/TLS/RTP/SAVPF 111\n" + lines; }

MediaSection read_section(const std::string& lines) {
  const auto read = read_description(section(lines));
  REQUIRE(read.has_value());
  REQUIRE(read->sections.size() == 1);
  return read->sections[0];
}

Problem problem_of(std::string_view text) {
  const auto read = read_description(text);
  return read ? Problem{} : read.error();
}

std::string repeated(std::size_t times, const std::string& before, const std::string& after = "") {
  std::string out;
  for (std::size_t i = 1; i <= times; ++i) out += before + std::to_string(i) + after + "\n";
  return out;
}

}  // namespace

TEST_CASE("lines end with CRLF or LF, and the last one need not") {
  const std::string lf = offers::chrome_simulcast();
  const std::string crlf = offers::with(lf, "\n", "\r\n");
  const auto a = read_description(lf);
  const auto b = read_description(crlf);
  const auto c = read_description(lf.substr(0, lf.size() - 1));
  REQUIRE(a.has_value());
  REQUIRE(b.has_value());
  REQUIRE(c.has_value());
  CHECK(write_description(*a) == write_description(*b));
  CHECK(write_description(*a) == write_description(*c));
}

TEST_CASE("what is written is read again as the same") {
  for (const std::string& text : {offers::chrome_simulcast(), offers::chrome_recvonly(), offers::firefox(),
                                  offers::aiortc(), offers::obs(), offers::gstreamer()}) {
    const auto first = read_description(text);
    REQUIRE(first.has_value());
    const std::string written = write_description(*first);
    const auto second = read_description(written);
    REQUIRE(second.has_value());
    // What o= says of the client's session is not kept.
    CHECK(write_description(*second) == written);
    CHECK(second->sections.size() == first->sections.size());
  }
}

TEST_CASE("unknown lines and attributes are ignored, and those at the wrong level") {
  const auto read = read_description(
      "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\ni=about\nb=AS:500\nt=0 0\na=mid:0\na=what-may-come:1\n"
      "m=audio 9 UDP/TLS/RTP/SAVPF 111\ni=title\nc=IN IP6 ::1\nb=TIAS:96000\na=group:BUNDLE 0\na=ptime:20\nx=1\n");
  REQUIRE(read.has_value());
  CHECK(!read->bundle.has_value());
  CHECK(read->sections[0].mid.empty());
}

TEST_CASE("sections have from the session what they do not say themselves") {
  const auto read = read_description(offers::with(kHead, "t=0 0\n",
                                                  "t=0 0\n"
                                                  "a=ice-ufrag:sess\na=ice-pwd:sessionPasswordOf22Cha\n"
                                                  "a=ice-options:trickle renomination\n"
                                                  "a=fingerprint:sha-256 AA:BB\na=setup:active\na=sendonly\n"
                                                  "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\n") +
                                     "m=audio 9 UDP/TLS/RTP/SAVPF 111\n"
                                     "m=audio 9 UDP/TLS/RTP/SAVPF 111\n"
                                     "a=ice-ufrag:mine\na=ice-pwd:myOwnPasswordOf22Chars\n"
                                     "a=fingerprint:sha-256 CC:DD\na=setup:passive\na=recvonly\n"
                                     "a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:mid\n");
  REQUIRE(read.has_value());
  const MediaSection& first = read->sections[0];
  const MediaSection& second = read->sections[1];
  CHECK(first.transport.ufrag == "sess");
  CHECK(first.transport.fingerprints == std::vector<DtlsFingerprint>{{"sha-256", "AA:BB"}});
  CHECK(first.transport.setup == Setup::active);
  CHECK(first.transport.trickle);
  CHECK(first.direction == Direction::sendonly);
  REQUIRE(first.extensions.size() == 1);
  CHECK(int{first.extensions[0].id} == 1);
  CHECK(second.transport.ufrag == "mine");
  CHECK(second.transport.password == "myOwnPasswordOf22Chars");
  CHECK(second.transport.fingerprints == std::vector<DtlsFingerprint>{{"sha-256", "CC:DD"}});
  CHECK(second.transport.setup == Setup::passive);
  CHECK(second.direction == Direction::recvonly);
  REQUIRE(second.extensions.size() == 1);
  CHECK(int{second.extensions[0].id} == 2);
}

TEST_CASE("format parameters are numbers where they read the same again") {
  const MediaSection read = read_section(
      "a=rtpmap:111 H264/90000\n"
      "a=fmtp:111 profile-level-id=42e01f; packetization-mode=1;x-leading=007;bare "
      ";sprop-parameter-sets=Z0IAH5Y=,aM4=\n");
  const FormatParameters& parameters = read.codecs.at(0).parameters;
  CHECK(parameters.at("profile-level-id") == "42e01f");
  CHECK(parameters.at("packetization-mode") == 1);
  CHECK(parameters.at("x-leading") == "007");
  CHECK(parameters.at("bare").is_null());
  CHECK(parameters.at("sprop-parameter-sets") == "Z0IAH5Y=,aM4=");
}

TEST_CASE("feedback of * is every codec's, but for RTX") {
  const auto read = read_description(kHead +
                                     "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=rtcp-fb:* nack pli\na=rtcp-fb:96 nack\n"
                                     "a=rtcp-fb:96 nack pli\na=rtcp-fb:96 ccm tmmbr smaxpr=120\n"
                                     "a=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n");
  REQUIRE(read.has_value());
  CHECK(read->sections[0].codecs[0].feedback == std::vector<RtcpFeedback>{{"nack", ""}, {"nack", "pli"}});
  CHECK(read->sections[0].codecs[1].feedback.empty());
}

TEST_CASE("RFC 8853 section 5.1: alternatives, pauses, both ways") {
  const auto simulcast = read_section("a=simulcast:send 1,2,3;~4,~5 recv 6;~7,8\n").simulcast;
  REQUIRE(simulcast.has_value());
  CHECK(simulcast->send == std::vector<SimulcastStream>{{"1", false}, {"4", true}});
  CHECK(simulcast->receive == std::vector<SimulcastStream>{{"6", false}, {"7", true}});
}

TEST_CASE("RFC 8851 section 10: restrictions of a rid") {
  const MediaSection read = read_section("a=rid:1 send pt=111;max-br=64000;max-width=1280;max-fps=30;depend=0\n");
  REQUIRE(read.rids.size() == 1);
  CHECK(read.rids[0].formats == std::vector<PayloadType>{PayloadType{111}});
  CHECK(read.rids[0].max_bitrate == 64000);
  CHECK(read.rids[0].max_framerate == 30);
}

TEST_CASE("RFC 8285 section 6: ids that ask for a number, and 15, are passed over; the first of a URI counts") {
  const MediaSection read = read_section(
      "a=extmap:4096 urn:a\na=extmap:15 urn:b\na=extmap:16/sendonly urn:c with attributes\na=extmap:3 urn:c\n");
  REQUIRE(read.extensions.size() == 1);
  CHECK(int{read.extensions[0].id} == 16);
  CHECK(read.extensions[0].direction == Direction::sendonly);
  CHECK(read.extensions[0].uri == "urn:c");
}

TEST_CASE("a bundle-only section is open though its port is 0") {
  const auto read = read_description(kHead + "m=audio 0 UDP/TLS/RTP/SAVPF 111\na=bundle-only\nm=audio 0 RTP/AVP 0\n");
  REQUIRE(read.has_value());
  CHECK(!read->sections[0].closed());
  CHECK(read->sections[1].closed());
}

TEST_CASE("a wrong text is refused with the line and the reason") {
  struct Row {
    std::string text;
    std::size_t line;
    std::string_view reason;
  };
  const std::string candidate = "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host";
  for (const Row& row : std::vector<Row>{
           {"", 1, "the text does not start with v=0"},
           {"v=1\n", 1, "the text does not start with v=0"},
           {"hello", 1, "the line is not <type>=<value>"},
           {"v=0\ns=-\n", 2, "o= is missing, or not of six fields"},
           {"v=0\no=- 1 1 IN IP4\ns=-\n", 2, "o= is missing, or not of six fields"},
           {"v=0\no=- 1 1 IN IP4 ::\nt=0 0\n", 3, "s= is missing"},
           {"v=0\no=- 1 1 IN IP4 ::\ns=-\nm=audio 9 RTP/AVP 0\n", 4, "t= is missing before the first m-line"},
           {"v=0\no=- 1 1 IN IP4 ::\ns=-\n\nt=0 0\n", 4, "the line is not <type>=<value>"},
           {kHead + std::string{"a=x:\0y\n", 7}, 5, "the line has a character that must not be there"},
           {kHead + "a=x\ry\n", 5, "the line has a character that must not be there"},
           {kHead + "a=" + std::string(kMaxLineBytes, 'x') + "\n", 5, "the line is too long"},
           {kHead + "v=0\n", 5, "the line stands at the wrong place"},
           {kHead + "a=group:BUNDLE 0 0\n", 5, "a mid stands in the group twice"},
           {kHead + "m=audio 65536 RTP/AVP 0\n", 5, "the port of the m-line is not 0 to 65535"},
           {kHead + "m=audio 9 RTP/AVP\n", 5, "the m-line has no format"},
           {kHead + "m=audio 9 RTP/AVP 128\n", 5, "a format is no payload type"},
           {kHead + "m=audio 9 RTP/AVP 0 0\n", 5, "a payload type stands twice"},
           {kHead + "m=audio 9\n", 5, "the m-line has no protocol"},
           {section("a=mid:0\nm=audio 9 RTP/AVP 0\na=mid:0\n"), 8, "the mid stands twice"},
           {section("a=mid:12345678901234567\n"), 6, "the mid is not a token of 1 to 16 bytes"},
           {section("a=rtpmap:111 opus\n"), 6, "the clock rate is not 1 to 1000000"},
           {section("a=rtpmap:x opus/48000\n"), 6, "the payload type is not 0 to 127"},
           {section("a=rtpmap:111 opus/48000/0\n"), 6, "the channels are not 1 to 24"},
           {section("a=fmtp:111 =1\n"), 6, "a format parameter has no name"},
           {section("a=rtcp-fb:111\n"), 6, "the feedback has no type"},
           {section("a=extmap:0 urn:x\n"), 6, "the id of a header extension is not 1 to 255"},
           {section("a=extmap:1/both urn:x\n"), 6, "the direction of a header extension is unknown"},
           {section("a=extmap:1 urn:x\na=extmap:1 urn:y\n"), 7, "the id of a header extension stands twice"},
           {section("a=ssrc:0 cname:x\n"), 6, "the SSRC is not 1 to 4294967295"},
           {section("a=ssrc:4294967296 cname:x\n"), 6, "the SSRC is not 1 to 4294967295"},
           {section("a=ssrc-group:FID 1 x\n"), 6, "the SSRC is not 1 to 4294967295"},
           {section("a=rid:q sendrecv\n"), 6, "the rid is neither send nor recv"},
           {section("a=rid:q! send\n"), 6, "the rid is not 1 to 16 letters, digits, - or _"},
           {section("a=rid:q send\na=rid:q send\n"), 7, "the rid stands twice"},
           {section("a=simulcast:send q;;h\n"), 6, "the streams of a=simulcast cannot be read"},
           {section("a=simulcast:sendrecv q\n"), 6, "the streams are neither send nor recv"},
           {section("a=simulcast:send q\na=simulcast:send q\n"), 7, "a=simulcast stands twice"},
           {section("a=ice-ufrag:abc\n"), 6, "the ufrag is not 4 to 256 ice-chars"},
           {section("a=ice-pwd:short\n"), 6, "the password is not 22 to 256 ice-chars"},
           {section("a=fingerprint:sha-256 XY\n"), 6,
            "the fingerprint is not pairs of hexadecimal digits with colons between"},
           {section("a=setup:both\n"), 6, "the setup is not actpass, active, passive or holdconn"},
           {section(offers::with(candidate, "5000", "70000") + "\n"), 6, "the port is not 0 to 65535"},
           {section(offers::with(candidate, " typ", " type") + "\n"), 6, "the candidate has no type"},
           {section(offers::with(candidate, "udp", "tcp") + "\n"), 6, "a TCP candidate has no tcptype of RFC 6544"},
       }) {
    CAPTURE(row.text);
    const Problem problem = problem_of(row.text);
    CHECK(problem.line == row.line);
    CHECK(problem.reason == row.reason);
  }
}

TEST_CASE("nothing is kept beyond its limit") {
  struct Row {
    std::string text;
    std::size_t line;
  };
  const std::string candidate = "a=candidate:1 1 udp 2130706431 192.0.2.1 ";
  std::string formats;
  for (int i = 0; i < 129; ++i) formats += " " + std::to_string(i);
  std::string extensions;  // one more than may be; the 15th is passed over
  for (int i = 1; i <= 66; ++i) extensions += "a=extmap:" + std::to_string(i) + " urn:" + std::to_string(i) + "\n";
  static_assert(kMaxExtensions == 64);
  for (const Row& row : std::vector<Row>{
           {std::string(SdpSession::kMaxBytes + 1, 'x'), 1},
           {kHead + repeated(SdpSession::kMaxSections + 1, "m=text ", " x 1"), 5 + SdpSession::kMaxSections},
           {kHead + "m=text 9 x" + formats + "\n", 5},
           {section(repeated(kMaxSources + 1, "a=ssrc:", " cname:x")), 6 + kMaxSources},
           {section(repeated(kMaxGroups + 1, "a=ssrc-group:FID ")), 6 + kMaxGroups},
           {section(repeated(kMaxRids + 1, "a=rid:r", " send")), 6 + kMaxRids},
           {section(repeated(kMaxCandidates + 1, candidate, " typ host")), 6 + kMaxCandidates},
           {section(extensions), 6 + 65},
           {section(repeated(9, "a=fingerprint:sha-256 ")), 6 + 8},
       }) {
    CAPTURE(row.text.substr(0, 300));
    CHECK(problem_of(row.text).line == row.line);
  }
}

}  // namespace sluice::sdp
