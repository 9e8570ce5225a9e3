#include <doctest/doctest.h>

#include "core/media/sdp/candidate.h"
#include "core/media/sdp/limits.h"
#include "tests/unit/core/media/sdp/session_fixture.h"

namespace sluice::sdp {
namespace {

const std::string kHost = "candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0";

struct Client : SessionFixture {
  Client() { static_cast<void>(answer_all(offers::chrome_recvonly())); }
  Error refused_candidate(std::string_view text) {
    return refusal([&] { session.add_candidate(text); });
  }
  Error refused_fragment(std::string_view text) {
    return refusal([&] { static_cast<void>(session.read_fragment(text)); });
  }
};

/// The shape of RFC 9725 section 4.3.2.
const std::string kTrickle =
    "a=group:BUNDLE 0 1\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
    "a=mid:0\r\n"
    "a=ice-ufrag:clnt\r\n"
    "a=ice-pwd:clientPassword+of/22xx\r\n"
    "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag clnt network-id 1\r\n"
    "a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host generation 0 ufrag clnt network-id 2\r\n"
    "a=candidate:473322822 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0 ufrag clnt\r\n"
    "a=end-of-candidates\r\n";

}  // namespace

TEST_CASE("a candidate is read and written: RFC 8839 section 5.1, RFC 6544 section 4.5") {
  const auto read = read_candidate("842163049 1 udp 1677729535 203.0.113.5 46154 typ srflx raddr 10.0.0.1 rport 9");
  REQUIRE(read.has_value());
  REQUIRE(read->has_value());
  const IceCandidate& candidate = (*read)->candidate;
  CHECK(candidate.foundation == "842163049");
  CHECK(candidate.priority == 1677729535);
  CHECK(candidate.address == "203.0.113.5");
  CHECK(candidate.port == 46154);
  CHECK(candidate.type == IceCandidateType::srflx);
  CHECK(write_candidate(candidate) == "842163049 1 udp 1677729535 203.0.113.5 46154 typ srflx raddr 0.0.0.0 rport 0");

  const auto tcp = read_candidate("1 1 TCP 1518280447 2001:db8::1 9 typ host tcptype passive");
  REQUIRE(tcp.has_value());
  REQUIRE(tcp->has_value());
  CHECK((*tcp)->candidate.tcp_type == IceTcpType::passive);
  CHECK(write_candidate((*tcp)->candidate) == "1 1 tcp 1518280447 2001:db8::1 9 typ host tcptype passive");
}

TEST_CASE("candidates of RTCP, of other protocols and of types to come are well formed and not used") {
  for (const std::string_view text : {"1 2 udp 1 192.0.2.1 5000 typ host", "1 1 sctp 1 192.0.2.1 5000 typ host",
                                      "1 1 udp 1 192.0.2.1 5000 typ new", "1 1 udp 1 192.0.2.1 0 typ host"}) {
    const auto read = read_candidate(text);
    REQUIRE(read.has_value());
    CHECK(!read->has_value());
  }
}

TEST_CASE("candidates come after the offer, as a browser's event shows them") {
  Client client;
  client.session.add_candidate(kHost);
  client.session.add_candidate("a=" + kHost);  // the same again
  client.session.add_candidate("");
  REQUIRE(client.transport.added.size() == 1);
  CHECK(client.transport.added[0].address == "192.0.2.1");
}

TEST_CASE("candidates of no use are passed over: hidden by mDNS, of an earlier generation") {
  Client client;
  client.session.add_candidate("candidate:1 1 udp 2122260223 0b0e3c21-1f0b-4a7b-9f0e-000000000000.local 5000 typ host");
  client.session.add_candidate(kHost + " ufrag older");
  CHECK(client.transport.added.empty());
  client.session.add_candidate(kHost + " ufrag clnt");
  CHECK(client.transport.added.size() == 1);
}

TEST_CASE("a candidate that cannot be read is refused") {
  Client client;
  for (const std::string_view text : {"hello", "candidate:", "candidate:1 1 udp 1 192.0.2.1 x typ host"}) {
    const Error error = client.refused_candidate(text);
    CHECK(error.code() == ErrorCode::invalid_payload);
    CHECK(line_of(error) == 1);
    CHECK(error.details().at("path") == "candidate");
  }
}

TEST_CASE("there are so many candidates and no more") {
  Client client;
  const auto add = [&](std::size_t i) {
    client.session.add_candidate("candidate:1 1 udp 1 192.0.2.1 " + std::to_string(i + 1) + " typ host");
  };
  for (std::size_t i = 0; i < kMaxTrickledCandidates; ++i) add(i);
  CHECK(refusal([&] { add(kMaxTrickledCandidates); }).code() == ErrorCode::limit_exceeded);
}

TEST_CASE("a fragment of too many candidates restarts nothing") {
  Client client;
  std::string fragment = "a=ice-ufrag:next\r\na=ice-pwd:otherPassword1otherPassword1\r\n";
  for (std::size_t i = 0; i <= kMaxTrickledCandidates; ++i) {
    if (i % kMaxCandidates == 0) fragment += "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n";
    fragment += "a=candidate:1 1 udp 1 192.0.2.1 " + std::to_string(i + 1) + " typ host\r\n";
  }
  const Error error = refusal([&] { static_cast<void>(client.session.read_fragment(fragment)); });
  CHECK(error.code() == ErrorCode::limit_exceeded);
  CHECK(client.transport.restarts == 0);
}

TEST_CASE("RFC 9725 section 4.3.2: a fragment with the credentials that are known trickles") {
  Client client;
  CHECK(!client.session.read_fragment(kTrickle).has_value());
  CHECK(client.transport.added.size() == 3);
  CHECK(client.transport.restarts == 0);
}

TEST_CASE("RFC 9725 section 4.3.3: a fragment with new credentials restarts ICE and is answered") {
  Client client;
  const std::string restart = offers::with(offers::with(kTrickle, "clnt", "next"), "clientPassword", "otherPassword1");
  const auto answer = client.session.read_fragment(restart);
  REQUIRE(answer.has_value());
  CHECK(client.transport.restarts == 1);
  CHECK(client.transport.added.size() == 3);
  CHECK(*answer ==
        "a=ice-lite\r\n"
        "a=group:BUNDLE 0 1\r\n"
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
        "a=mid:0\r\n"
        "a=ice-ufrag:ours1\r\n"
        "a=ice-pwd:ourPasswordOf22Letters1\r\n"
        "a=ice-options:trickle\r\n"
        "a=candidate:1 1 udp 2130706431 198.51.100.1 40000 typ host\r\n"
        "a=end-of-candidates\r\n");
  CHECK(!client.session.read_fragment(restart).has_value());
}

TEST_CASE("the credentials of a fragment may stand above its sections") {
  Client client;
  CHECK(!client.session
             .read_fragment(
                 "a=ice-ufrag:clnt\na=ice-pwd:clientPassword+of/22xx\nm=audio 9 RTP/AVP 0\na=mid:0\na=" + kHost + "\n")
             .has_value());
  CHECK(client.transport.added.size() == 1);
}

TEST_CASE("a fragment that cannot be meant is refused with its line") {
  Client client;
  struct Row {
    std::string text;
    std::size_t line;
  };
  for (const Row& row : std::vector<Row>{
           {"hello", 1},
           {"v=0\n", 1},
           {offers::with(kTrickle, "a=mid:0", "a=mid:7"), 2},
           {offers::with(kTrickle, "ice-ufrag:clnt", "ice-ufrag:next"), 4},
           {"a=ice-ufrag:next\n", 1},
           {"a=group:BUNDLE 0\na=ice-pwd:otherPassword1+of/22xx\n", 2},
           {offers::with(kTrickle, "61764", "x"), 6},
       }) {
    CAPTURE(row.text);
    const Error error = client.refused_fragment(row.text);
    CHECK(error.code() == ErrorCode::invalid_payload);
    CHECK(line_of(error) == row.line);
    CHECK(error.details().at("path") == "fragment");
  }
}

}  // namespace sluice::sdp
