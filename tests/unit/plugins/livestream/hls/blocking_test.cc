#include <doctest/doctest.h>

#include <vector>

#include "tests/unit/plugins/livestream/hls/channel_rig.h"

namespace sluice::testing {

namespace {

using namespace livestream;
using namespace std::chrono_literals;

Query at(std::int64_t segment) { return {{"_HLS_msn", std::to_string(segment)}}; }
Query at(std::int64_t segment, std::int64_t number) {
  return {{"_HLS_msn", std::to_string(segment)}, {"_HLS_part", std::to_string(number)}};
}
bool lists(const HttpAnswer& answer, const std::string& name) {
  return answer.done() && answer.response().body.find(name) != std::string::npos;
}

}  // namespace

TEST_CASE("a reload waits for its part, one for a segment waits for the segment") {
  ChannelRig rig;
  rig.begin(1);
  const HttpAnswer for_part = rig.playlist(at(1, 1));
  const HttpAnswer for_segment = rig.playlist(at(1));
  rig.add(part(1, 0));
  CHECK(!for_part.done());
  rig.add(part(1, 1));
  CHECK(lists(for_part, "#EXT-X-PART:DURATION=0.25,URI=\"segment-1.1.m4s\"\n"));
  CHECK(!for_segment.done());
  rig.add(segment(1, 500));
  CHECK(lists(for_segment, "\nsegment-1.m4s\n"));
  CHECK(rig.channel->figures().bytes == for_part.response().body.size() + for_segment.response().body.size());
}

TEST_CASE("what is there is not waited for, what is far or makes no sense is refused") {
  ChannelRig rig;
  rig.begin(2);
  CHECK(rig.playlist(at(1)).status() == 200);
  CHECK(rig.playlist(at(0, 0)).status() == 200);
  CHECK(rig.playlist(at(4)).status() == 400);
  CHECK(rig.playlist(at(2, 12)).status() == 400);
  CHECK(rig.playlist({{"_HLS_part", "0"}}).status() == 400);
  CHECK(rig.playlist({{"_HLS_msn", "one"}}).status() == 400);
  CHECK(!rig.playlist(at(3)).done());
}

TEST_CASE("who comes before the first segment waits for it") {
  ChannelRig rig;
  const HttpAnswer early = rig.playlist();
  rig.add(initialisation(0));
  for (int number = 0; number < 4; ++number) rig.add(part(0, number));
  CHECK(!early.done());
  rig.add(segment(0));
  CHECK(lists(early, "\nsegment-0.m4s\n"));

  SUBCASE("but not for ever: a stream takes a moment to begin, not more") {
    ChannelRig slow;
    const HttpAnswer waiting = slow.playlist();
    slow.host.advance(9'999ms);
    CHECK(!waiting.done());
    slow.host.advance(1ms);
    CHECK(waiting.status() == 503);
  }
}

TEST_CASE("after three target durations a request is given up, each at its own time") {
  ChannelRig rig;
  rig.begin(2);
  const HttpAnswer first = rig.playlist(at(2, 0));
  rig.host.advance(1s);
  const HttpAnswer second = rig.playlist(at(2, 0));
  const HttpAnswer file = rig.get("segment-2.0.m4s");
  rig.host.advance(1'999ms);
  CHECK(!first.done());
  rig.host.advance(1ms);
  REQUIRE(first.done());
  CHECK(first.status() == 503);
  CHECK(first.response().headers.at("Retry-After") == "1");
  CHECK(!second.done());
  rig.host.advance(1s);
  CHECK(second.status() == 503);
  CHECK(file.status() == 503);
  rig.add(part(2, 0));
  CHECK(rig.playlist(at(2, 0)).status() == 200);
}

TEST_CASE("a hinted part is answered when it is there") {
  ChannelRig rig;
  rig.begin(1);
  const HttpAnswer hinted = rig.get("segment-1.0.m4s");
  CHECK(!hinted.done());
  CHECK(rig.get("segment-1.1.m4s").status() == 404);  // not hinted yet
  rig.add(part(1, 0));
  REQUIRE(hinted.done());
  CHECK(hinted.response().file == rig.folder + "/segment-1.0.m4s");
  CHECK(hinted.response().content_type == "video/iso.segment");

  SUBCASE("or refused as soon as it cannot come any more") {
    const HttpAnswer never = rig.get("segment-1.1.m4s");
    const HttpAnswer next = rig.get("segment-2.0.m4s");
    rig.add(segment(1, 250));
    REQUIRE(never.done());
    CHECK(never.status() == 404);
    CHECK(!next.done());
    rig.add(part(2, 0));
    CHECK(next.status() == 200);
  }
  SUBCASE("the one of a job that died never comes; that of the next one has another name") {
    const HttpAnswer never = rig.get("segment-1.1.m4s");
    rig.restart(1);
    REQUIRE(never.done());
    CHECK(never.status() == 404);
    const HttpAnswer next = rig.get("1-segment-0.0.m4s");
    rig.begin(0);
    rig.add(part(0, 0));
    CHECK(next.status() == 200);
  }
}

TEST_CASE("more than so many do not wait") {
  ChannelRig rig{{.max_waiting = 3}};
  rig.begin(1);
  std::vector<HttpAnswer> waiting;
  for (int i = 0; i < 2; ++i) waiting.push_back(rig.playlist(at(1, 0)));
  waiting.push_back(rig.get("segment-1.0.m4s"));
  const HttpAnswer refused = rig.playlist(at(1, 0));
  REQUIRE(refused.done());
  CHECK(refused.status() == 503);
  CHECK(refused.response().headers.contains("Retry-After"));
  CHECK(rig.get("segment-1.0.m4s").status() == 503);
  CHECK(rig.playlist().status() == 200);  // what need not wait is served
  rig.add(part(1, 0));
  for (const HttpAnswer& answer : waiting) CHECK(answer.status() == 200);
  CHECK(!rig.playlist(at(1, 1)).done());
}

TEST_CASE("a segment that a dead job left behind is what its waiters get, and the end answers everybody") {
  ChannelRig rig;
  rig.begin(1);
  rig.add(part(1, 0));
  const HttpAnswer for_segment = rig.playlist(at(1));
  const HttpAnswer for_next = rig.playlist(at(2));
  rig.restart(1);
  CHECK(lists(for_segment, "#EXT-X-GAP\n#EXTINF:0.25,\nsegment-1.m4s\n"));
  CHECK(!for_next.done());
  const HttpAnswer hinted = rig.get("1-segment-0.0.m4s");
  rig.channel->end();
  CHECK(lists(for_next, "#EXT-X-ENDLIST\n"));
  CHECK(hinted.status() == 404);
  // What a player wants to wait for means nothing any more, be it nonsense.
  CHECK(lists(rig.playlist(at(99)), "#EXT-X-ENDLIST\n"));
  CHECK(lists(rig.playlist({{"_HLS_part", "x"}}), "#EXT-X-ENDLIST\n"));
}

TEST_CASE("a channel that goes answers those who wait, and leaves no timer") {
  ChannelRig rig;
  rig.begin(1);
  const HttpAnswer waiting = rig.playlist(at(1));
  rig.channel.reset();
  CHECK(waiting.status() == 404);
  rig.host.advance(60s);
  CHECK(rig.host.timers().pending() == 0);
}

TEST_CASE("a reload that waits for a delta gets one") {
  ChannelRig rig;
  rig.begin(10);
  Query query = at(10, 0);
  query["_HLS_skip"] = "YES";
  const HttpAnswer waiting = rig.playlist(query);
  rig.add(part(10, 0));
  CHECK(lists(waiting, "#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n"));
}

}  // namespace sluice::testing
