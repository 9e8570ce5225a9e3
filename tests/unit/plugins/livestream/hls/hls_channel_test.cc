#include "plugins/livestream/hls/hls_channel.h"

#include <doctest/doctest.h>

#include "tests/unit/plugins/livestream/hls/channel_rig.h"

namespace sluice::testing {

namespace {

using namespace livestream;
using namespace std::chrono_literals;

}  // namespace

TEST_CASE("a stream is served: the playlist, and the files that it names") {
  ChannelRig rig;
  rig.begin(1);
  const HttpAnswer playlist = rig.playlist();
  REQUIRE(playlist.done());
  CHECK(playlist.status() == 200);
  CHECK(playlist.response().content_type == "application/vnd.apple.mpegurl");
  CHECK(playlist.response().headers.at("Cache-Control") == "no-cache");
  CHECK(playlist.response().body.starts_with("#EXTM3U\n"));

  struct Row {
    const char* name;
    const char* type;
  };
  for (const Row& row : {Row{"init-0.mp4", "video/mp4"}, Row{"segment-0.m4s", "video/iso.segment"},
                         Row{"segment-0.2.m4s", "video/iso.segment"}}) {
    CAPTURE(row.name);
    const HttpAnswer answer = rig.get(row.name);
    REQUIRE(answer.done());
    CHECK(answer.response().file == rig.folder + "/" + row.name);
    CHECK(answer.response().content_type == row.type);
    CHECK(answer.response().headers.at("Cache-Control") == "public, max-age=60, immutable");
  }
}

TEST_CASE("no name leads anywhere but to what is listed") {
  ChannelRig rig;
  rig.begin(1);
  std::ofstream{rig.folder + "/secret.txt"} << "content";
  for (const char* const name : {"", ".", "..", "secret.txt", "../stream/init-0.mp4", "/etc/passwd", "init-0.mp4/",
                                 "INIT-0.MP4", "segment-0.m4s.tmp", "segment-9.m4s", "segment-9.0.m4s", "index.m3u"}) {
    CAPTURE(name);
    const HttpAnswer answer = rig.get(name);
    REQUIRE(answer.done());
    CHECK(answer.status() == 404);
  }
}

TEST_CASE("a job cannot have other files served than those of its folder") {
  ChannelRig rig;
  rig.begin(1);
  for (const char* const name :
       {"../../etc/passwd", "/etc/passwd", "..", "a/b", "", ".hidden", "quo\"te", "new\nline"}) {
    CAPTURE(name);
    HlsFile file = initialisation(1);
    file.name = name;
    rig.channel->add(file);
    const HttpAnswer answer = rig.get(name);
    REQUIRE(answer.done());
    CHECK(answer.status() == 404);
  }
  CHECK(std::ranges::count(rig.host.log().lines, LogLevel::warning, &std::pair<LogLevel, std::string>::first) == 1);
}

TEST_CASE("HEAD is answered at once, with what there is") {
  ChannelRig rig;
  CHECK(rig.head("index.m3u8").status() == 503);
  rig.begin(1);
  CHECK(rig.head("index.m3u8", {{"_HLS_msn", "1"}}).status() == 200);
  CHECK(rig.head("segment-0.m4s").response().file == rig.folder + "/segment-0.m4s");
  CHECK(rig.head("segment-1.0.m4s").status() == 404);
  CHECK(rig.channel->viewers() == 0);
  CHECK(rig.channel->figures().bytes == 0);
}

TEST_CASE("a stream with a key is for those who have it") {
  ChannelRig rig{{.key = "s3cret/ä"}};
  rig.begin(1);
  for (const Query& query : {Query{}, Query{{"key", ""}}, Query{{"key", "s3cret"}}, Query{{"key", "s3cret/ä1"}},
                             Query{{"KEY", "s3cret/ä"}}}) {
    CHECK(rig.playlist(query).status() == 403);
    CHECK(rig.get("init-0.mp4", query).status() == 403);
    CHECK(rig.get("no-such-file", query).status() == 403);
  }
  CHECK(rig.channel->viewers() == 0);
  const HttpAnswer playlist = rig.playlist({{"key", "s3cret/ä"}});
  REQUIRE(playlist.status() == 200);
  CHECK(playlist.response().body.find("\nsegment-0.m4s?key=s3cret%2F%C3%A4\n") != std::string::npos);
  const HttpAnswer file = rig.get("segment-0.m4s", {{"key", "s3cret/ä"}});
  CHECK(file.status() == 200);
  CHECK(file.response().headers.at("Cache-Control").starts_with("private"));
}

TEST_CASE("a delta update is given to who asks for one") {
  ChannelRig rig;
  rig.begin(10);
  CHECK(rig.playlist({{"_HLS_skip", "YES"}}).response().body.find("#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n") !=
        std::string::npos);
  CHECK(rig.playlist().response().body.find("#EXT-X-SKIP") == std::string::npos);
}

TEST_CASE("files go some time after their lines have") {
  ChannelRig rig{{.dvr = 6s}};
  rig.begin(4);
  CHECK(rig.on_disk("segment-0.0.m4s"));
  rig.add_segment(4);  // the parts of segment 0 are listed no more
  rig.host.advance(3s);
  CHECK(rig.get("segment-0.0.m4s").status() == 200);
  rig.host.advance(2s);
  CHECK(rig.get("segment-0.0.m4s").status() == 404);
  CHECK(!rig.on_disk("segment-0.0.m4s"));
  CHECK(rig.on_disk("segment-1.0.m4s"));

  for (std::int64_t sequence = 5; sequence <= 6; ++sequence) rig.add_segment(sequence);
  rig.host.advance(3s);
  CHECK(rig.get("segment-0.m4s").status() == 200);
  rig.host.advance(2s);
  CHECK(!rig.on_disk("segment-0.m4s"));
  CHECK(rig.on_disk("segment-1.m4s"));
  CHECK(rig.on_disk("init-0.mp4"));

  SUBCASE("what is there at the end stays until the channel goes, and then the folder goes") {
    rig.channel->end();
    rig.host.advance(60s);
    CHECK(rig.get("segment-1.m4s").status() == 200);
    CHECK(rig.on_disk("segment-1.m4s"));
    rig.channel.reset();
    rig.host.run();
    CHECK(!std::filesystem::exists(rig.folder));
  }
}

TEST_CASE("what is refused of a job is removed, too") {
  ChannelRig rig;
  rig.begin(2);
  HlsFile late = part(0, 9);
  rig.add(late);
  CHECK(rig.get(late.name).status() == 200);  // for the time being
  rig.host.advance(6s);
  CHECK(rig.get(late.name).status() == 404);
  CHECK(!rig.on_disk(late.name));
}

TEST_CASE("a job that was started anew goes on in the same playlist, from its own folder") {
  ChannelRig rig;
  rig.begin(2);
  const std::string old_folder = rig.folder;
  rig.restart(1);
  rig.begin(1);
  const std::string text = rig.playlist().response().body;
  CHECK(text.find("#EXT-X-MEDIA-SEQUENCE:0\n") != std::string::npos);
  CHECK(text.find("\nsegment-1.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"1-init-0.mp4\"\n") != std::string::npos);
  CHECK(text.find("\n1-segment-0.m4s\n") != std::string::npos);
  CHECK(rig.get("segment-0.m4s").response().file == old_folder + "/segment-0.m4s");
  CHECK(rig.get("1-segment-0.m4s").response().file == rig.folder + "/segment-0.m4s");
  rig.channel.reset();
  rig.host.run();
  CHECK(!std::filesystem::exists(old_folder));
}

TEST_CASE("a stream that ended before its first segment is none") {
  ChannelRig rig;
  const HttpAnswer early = rig.playlist();
  CHECK(!early.done());
  rig.channel->end();
  CHECK(early.status() == 404);
  CHECK(rig.playlist().status() == 404);
}

TEST_CASE("who watches is who asks for playlists, and what was served is counted") {
  ChannelRig rig;
  rig.begin(2);
  const std::size_t playlist_bytes = rig.playlist().response().body.size();
  CHECK(rig.channel->figures().bytes == playlist_bytes);
  rig.get("segment-0.m4s", {}, "203.0.113.99:1");
  CHECK(rig.channel->figures().bytes == playlist_bytes + 400);
  CHECK(rig.channel->viewers() == 1);
  rig.get("index.m3u8", {}, "203.0.113.8:1");
  rig.get("index.m3u8", {{"_HLS_msn", "99"}}, "203.0.113.9:1");  // refused
  CHECK(rig.channel->viewers() == 2);
  rig.host.advance(9s);
  CHECK(rig.channel->viewers() == 2);
  rig.playlist();
  rig.host.advance(2s);
  CHECK(rig.channel->viewers() == 1);
  rig.host.advance(10s);
  CHECK(rig.channel->viewers() == 0);
  CHECK(rig.channel->figures().peak_viewers == 2);
  CHECK(rig.channel->figures().viewers_in_all == 2);
}

}  // namespace sluice::testing
