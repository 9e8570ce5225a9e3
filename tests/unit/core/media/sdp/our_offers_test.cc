#include <doctest/doctest.h>

#include "core/media/sdp/writer.h"
#include "tests/unit/core/media/sdp/session_fixture.h"

namespace sluice::sdp {
namespace {

/// A browser's answer to an offer of ours: takes what is sent, in the offer's numbering.
std::string answer_to(const std::string& offer) {
  SessionDescription description = SessionFixture::read(offer);
  const SessionDescription client = SessionFixture::read(offers::chrome_simulcast());
  description.ice_lite = false;
  for (MediaSection& section : description.sections) {
    if (section.closed()) continue;
    section.direction = reversed(section.direction);
    section.transport = client.sections[0].transport;
    section.transport.setup = Setup::active;
    section.sources.clear();
    section.groups.clear();
    section.msid.reset();
  }
  return write_description(description);
}

struct Room : SessionFixture {
  /// The client publishes a microphone and listens to nobody.
  Room() { static_cast<void>(answer_all(offers::kSession + offers::bundle("0") + microphone)); }

  SdpTrack add(MediaKind kind) { return consume(session.next_section(kind)); }
  std::string offer(const std::vector<SdpTrack>& tracks) { return session.offer(accepted, tracks); }

  std::string microphone = offers::chrome_audio("0", "sendonly");
  std::vector<std::string> accepted{"0"};
};

}  // namespace

TEST_CASE("an offer of ours adds sections behind the client's, and keeps those") {
  Room room;
  const SdpTrack track = room.add(MediaKind::audio);
  const std::string text = room.offer({track});
  CHECK(room.session.offering());
  const SessionDescription offer = room.read(text);
  REQUIRE(offer.sections.size() == 2);
  CHECK(offer.sections[0].mid == "0");
  CHECK(offer.sections[0].direction == Direction::recvonly);
  CHECK(offer.sections[1].mid == track.mid);
  CHECK(offer.sections[1].direction == Direction::sendonly);
  CHECK(offer.sections[1].formats == std::vector<std::string>{"111"});
  CHECK(count(text, "a=setup:actpass\r\n") == 2);
  CHECK(offer.bundle == std::vector<std::string>{"0", track.mid});
  CHECK(room.session.read_answer(answer_to(text)).empty());
  CHECK(!room.session.offering());
}

TEST_CASE("a kind that the client has shown comes in the client's numbering") {
  Room room;
  const SdpReceiving section = room.session.next_section(MediaKind::audio);
  REQUIRE(section.rtp_capabilities.codecs.size() == 1);
  CHECK(section.rtp_capabilities.codecs[0].preferred_payload_type == PayloadType{111});
  for (const auto& extension : section.rtp_capabilities.header_extensions) {
    if (extension.uri == "urn:ietf:params:rtp-hdrext:sdes:mid") CHECK(int{extension.preferred_id} == 4);
  }
}

TEST_CASE("a kind that it has not shown comes in the router's numbering, but for what is taken") {
  SessionFixture fixture;
  // The client's telephone events sit where the router has VP8; its absolute send time where the router has the MID.
  const std::string text = offers::with(offers::chrome_audio("0", "sendonly"), "126", "97");
  static_cast<void>(fixture.answer_all(offers::kSession + offers::bundle("0") + text));
  const RtpCapabilities capabilities = fixture.session.next_section(MediaKind::video).rtp_capabilities;
  CHECK(capabilities.codecs[0].mime_type == "video/VP8");
  CHECK(capabilities.codecs[0].preferred_payload_type == PayloadType{96});
  CHECK(capabilities.codecs[1].mime_type == "video/rtx");
  CHECK(capabilities.codecs[1].parameters.at("apt") == 96);
  std::set<int> payload_types;
  for (const auto& codec : capabilities.codecs) payload_types.insert(codec.preferred_payload_type->value());
  CHECK(payload_types.size() == capabilities.codecs.size());
  CHECK(!payload_types.contains(97));
  CHECK(!payload_types.contains(111));
  std::set<int> ids;
  for (const auto& extension : capabilities.header_extensions) {
    ids.insert(extension.preferred_id);
    if (extension.uri == "urn:ietf:params:rtp-hdrext:sdes:mid") CHECK(int{extension.preferred_id} == 4);
  }
  CHECK(ids.size() == capabilities.header_extensions.size());
  CHECK(!ids.contains(1));  // the audio level of the client
  // What was told once stays.
  CHECK(fixture.session.next_section(MediaKind::video).rtp_capabilities == capabilities);
}

TEST_CASE("a section of the client that waits for a track is taken first") {
  SessionFixture fixture;
  const SdpOffer offer = fixture.session.read_offer(offers::chrome_recvonly());
  static_cast<void>(fixture.session.answer({}, {}));
  const SdpReceiving section = fixture.session.next_section(MediaKind::video);
  CHECK(section.mid == "1");
  CHECK(section.rtp_capabilities == offer.receiving[1].rtp_capabilities);
  CHECK(fixture.session.next_section(MediaKind::video).mid != "1");
  const std::string text = fixture.session.offer({}, std::vector{fixture.consume(section)});
  CHECK(fixture.read(text).sections.size() == 2);
  CHECK(fixture.read(text).sections[1].direction == Direction::sendonly);

  SUBCASE("and never by another one after that") {
    CHECK(fixture.session.read_answer(answer_to(text)).empty());
    const std::string without = fixture.session.offer({}, {});
    CHECK(fixture.read(without).sections[1].direction == Direction::inactive);
    CHECK(fixture.session.read_answer(answer_to(without)).empty());
    CHECK(fixture.session.next_section(MediaKind::video).mid != "1");
  }
}

TEST_CASE("a section of ours whose track ended is closed, and its index is used again under another mid") {
  Room room;
  const SdpTrack first = room.add(MediaKind::audio);
  CHECK(room.session.read_answer(answer_to(room.offer({first}))).empty());
  const std::string without = room.offer({});
  CHECK(room.read(without).sections[1].closed());
  CHECK(room.read(without).bundle == std::vector<std::string>{"0"});
  CHECK(room.session.read_answer(answer_to(without)).empty());

  const SdpTrack second = room.add(MediaKind::video);
  const SessionDescription offer = room.read(room.offer({second}));
  REQUIRE(offer.sections.size() == 2);
  CHECK(offer.sections[1].media == "video");
  CHECK(offer.sections[1].mid == second.mid);
  CHECK(second.mid != first.mid);
}

TEST_CASE("tracks that the client does not take are told") {
  Room room;
  const SdpTrack audio = room.add(MediaKind::audio);
  const SdpTrack video = room.add(MediaKind::video);
  const std::string offer = room.offer({audio, video});
  SUBCASE("by inactive") {
    const std::string answer = offers::with(answer_to(offer), "a=recvonly", "a=inactive");
    CHECK(room.session.read_answer(answer) == std::vector<std::string>{audio.mid, video.mid});
  }
  SUBCASE("by port 0, which closes the section") {
    const std::string answer = offers::with(answer_to(offer), "m=video 9", "m=video 0");
    CHECK(room.session.read_answer(answer) == std::vector<std::string>{video.mid});
    CHECK(room.read(room.offer({audio})).sections[2].closed());
  }
  SUBCASE("by codecs that it does not have") {
    const std::string answer = offers::with(answer_to(offer), "VP8/90000", "VP7/90000");
    CHECK(room.session.read_answer(answer) == std::vector<std::string>{video.mid});
  }
}

TEST_CASE("of two offers the client's counts") {
  Room room;
  const SdpTrack track = room.add(MediaKind::audio);
  const std::string ours = room.offer({track});
  const std::string theirs = offers::kSession + offers::bundle("0 1") + room.microphone +
                             offers::chrome_video("1", "sendonly") + offers::kThreeRids;
  const SdpOffer offer = room.session.read_offer(theirs);
  CHECK(offer.rolled_back);
  CHECK(!room.session.offering());
  const SessionDescription answer = room.read(room.session.answer(room.mids_of(offer), {}));
  REQUIRE(answer.sections.size() == 2);
  CHECK(answer.sections[1].mid == "1");
  CHECK(refusal([&] { static_cast<void>(room.session.read_answer(answer_to(ours))); }).code() == ErrorCode::conflict);

  const SdpTrack again = room.add(MediaKind::audio);
  CHECK(again.mid != track.mid);
  room.accepted.emplace_back("1");
  const SessionDescription second = room.read(room.offer({again}));
  REQUIRE(second.sections.size() == 3);
  CHECK(has_line(write_description(second), "a=simulcast:recv q;h;f"));
}

TEST_CASE("what a void offer said of payload types is void, too") {
  Room room;
  const SdpTrack track = room.add(MediaKind::video);
  // The router's numbers, for want of the client's.
  CHECK(room.read(room.offer({track})).sections[1].formats == std::vector<std::string>{"97", "98"});
  const std::string theirs = offers::kSession + offers::bundle("0 1") + room.microphone +
                             offers::chrome_video("1", "sendonly") + offers::kThreeRids;
  CHECK(room.session.read_offer(theirs).rolled_back);
  SUBCASE("once the client's offer is answered its numbers count") {
    static_cast<void>(room.session.answer({}, {}));
    CHECK(room.session.next_section(MediaKind::video).rtp_capabilities.codecs[0].preferred_payload_type ==
          PayloadType{96});
  }
  SUBCASE("if it is refused nobody's do") {
    room.session.refuse_offer();
    CHECK(room.session.next_section(MediaKind::video).rtp_capabilities.codecs[0].preferred_payload_type ==
          PayloadType{97});
  }
}

TEST_CASE("a refused offer leaves the sections as they were") {
  Room room;
  static_cast<void>(room.session.read_offer(offers::kSession + offers::bundle("0 1") + room.microphone +
                                            offers::chrome_video("1", "sendonly")));
  room.session.refuse_offer();
  CHECK(refusal([&] { static_cast<void>(room.session.answer({}, {})); }).code() == ErrorCode::conflict);
  CHECK(room.read(room.offer({})).sections.size() == 1);
}

TEST_CASE("the numbers of a section that is closed may mean something else afterwards") {
  Room room;
  const SdpTrack track = room.add(MediaKind::video);  // VP8 is 97, as the router has it
  CHECK(room.session.read_answer(answer_to(room.offer({track}))).empty());
  CHECK(room.session.read_answer(answer_to(room.offer({}))).empty());
  CHECK(room.session.next_section(MediaKind::video).rtp_capabilities.codecs[0].preferred_payload_type ==
        PayloadType{97});

  // Chrome takes the free index for its camera, with 97 for the retransmissions of 96.
  static_cast<void>(room.answer_all(offers::kSession + offers::bundle("0 1") + room.microphone +
                                    offers::chrome_video("1", "sendonly")));
  const RtpCapabilities capabilities = room.session.next_section(MediaKind::video).rtp_capabilities;
  CHECK(capabilities.codecs[0].preferred_payload_type == PayloadType{96});
  CHECK(capabilities.codecs[1].preferred_payload_type == PayloadType{97});
  CHECK(capabilities.codecs[1].mime_type == "video/rtx");
  CHECK_NOTHROW(static_cast<void>(ortc::can_consume({}, capabilities)));
}

TEST_CASE("an answer has to fit the offer") {
  Room room;
  const SdpTrack track = room.add(MediaKind::audio);
  const std::string offer = room.offer({track});
  const std::string good = answer_to(offer);
  const auto code = [&](const std::string& answer) {
    return refusal([&] { static_cast<void>(room.session.read_answer(answer)); }).code();
  };
  CHECK(code(offers::with(good, "a=mid:" + track.mid, "a=mid:x")) == ErrorCode::invalid_payload);
  CHECK(code(good.substr(0, good.find("m=audio", good.find("m=audio") + 1))) == ErrorCode::invalid_payload);
  CHECK(code(offers::with(good, "m=audio", "m=video")) == ErrorCode::invalid_payload);
  CHECK(code(offers::with(good, "setup:active", "setup:passive")) == ErrorCode::unsupported);
  CHECK(code(offers::with(good, "sha-256 AB", "sha-256 AA")) == ErrorCode::unsupported);
  CHECK(room.session.offering());
  CHECK(room.session.read_answer(good).empty());
}

TEST_CASE("there are so many sections and no more") {
  Room room;
  for (std::size_t i = 1; i < SdpSession::kMaxSections; ++i) {
    static_cast<void>(room.session.next_section(MediaKind::audio));
  }
  CHECK(refusal([&] { static_cast<void>(room.session.next_section(MediaKind::audio)); }).code() ==
        ErrorCode::limit_exceeded);
  // What was not used is given back.
  CHECK(room.session.read_answer(answer_to(room.offer({}))).empty());
  CHECK_NOTHROW(static_cast<void>(room.session.next_section(MediaKind::audio)));
}

}  // namespace sluice::sdp
