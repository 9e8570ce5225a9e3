#include "feed/feed_records.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <iterator>
#include <limits>
#include <numeric>

#include "sluice/jobs.h"

namespace sluice::livestream {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

Bytes rtp(std::size_t size) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0x80});
  return bytes;
}

Bytes written(const std::vector<FeedEntry>& entries) {
  FeedRecord record;
  for (const FeedEntry& entry : entries) REQUIRE(record.add(entry));
  return {record.bytes().begin(), record.bytes().end()};
}

bool equal(const FeedEntry& one, const FeedEntry& other) {
  if (one.index() != other.index()) return false;
  return std::visit(
      [&other]<class Entry>(const Entry& entry) {
        const Entry& same = std::get<Entry>(other);
        if constexpr (std::is_same_v<Entry, FeedPacket>) {
          return entry.track == same.track && entry.arrival == same.arrival && entry.clock == same.clock &&
                 std::ranges::equal(entry.rtp, same.rtp);
        } else {
          return to_json(entry) == to_json(same);
        }
      },
      one);
}

FeedTrack camera() {
  return {.track = 7,
          .participant_id = "p1",
          .source = TrackSource::webcam,
          .video = true,
          .mime_type = "video/H264",
          .clock_rate = 90'000,
          .payload_type = 102,
          .orientation_id = 13};
}

TEST_CASE("what is written is read: all entries, in order") {
  const Bytes packet = rtp(1'200);
  const TappedClock clock{.ntp = 0xe8d0'1234'8000'0001, .rtp = RtpTimestamp{0xfedc'ba98}};
  const std::vector<FeedEntry> entries{
      FeedParticipant{.id = "p1", .name = "Änne \"A\"\n"},
      FeedParticipant{.id = "p2", .name = "", .present = false},
      camera(),
      FeedTrack{.track = 8, .participant_id = "p1", .mime_type = "audio/opus", .clock_rate = 48'000},
      FeedTrackState{.track = 7, .paused = true},
      FeedSpeaker{"p1"},
      FeedSpeaker{},
      FeedPacket{.track = 7, .arrival = Instant{1h + 17ns}, .clock = clock, .rtp = packet},
      FeedPacket{.track = 0xffff'ffff, .arrival = Instant{-1ns}, .rtp = packet},
      FeedPacket{.track = 8, .arrival = Instant{}, .rtp = {}},
      FeedTrackEnd{7},
  };
  const Bytes record = written(entries);
  FeedReader reader{record};
  for (const FeedEntry& entry : entries) {
    const auto read = reader.next();
    REQUIRE(read);
    CHECK(equal(*read, entry));
  }
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.malformed());
}

TEST_CASE("a packet costs 18 bytes, and 12 with its sender's clock") {
  const Bytes packet = rtp(100);
  CHECK(written({FeedPacket{.track = 1, .rtp = packet}}).size() == 118);
  CHECK(written({FeedPacket{.track = 1, .clock = TappedClock{}, .rtp = packet}}).size() == 130);
}

TEST_CASE("a record takes what fits, and is as it was where something does not") {
  FeedRecord record;
  CHECK(record.empty());
  const Bytes packet = rtp(JobRecords::kMaxBytes - 18);
  CHECK(record.add(FeedPacket{.track = 1, .rtp = packet}));
  CHECK(record.bytes().size() == JobRecords::kMaxBytes);
  CHECK_FALSE(record.add(FeedTrackEnd{1}));
  CHECK(record.bytes().size() == JobRecords::kMaxBytes);
  record.clear();
  CHECK(record.empty());
  CHECK_FALSE(record.add(FeedPacket{.track = 1, .rtp = rtp(JobRecords::kMaxBytes)}));
  CHECK(record.empty());
  CHECK(record.add(FeedTrackEnd{1}));
}

TEST_CASE("a record that was cut off is read up to there, and is malformed") {
  const Bytes packet = rtp(20);
  const Bytes first = written({FeedTrackState{.track = 1, .paused = true}});
  const Bytes whole = written(
      {FeedTrackState{.track = 1, .paused = true}, FeedPacket{.track = 1, .clock = TappedClock{}, .rtp = packet}});
  for (std::size_t size = first.size() + 1; size < whole.size(); ++size) {
    CAPTURE(size);
    FeedReader reader{std::span{whole}.first(size)};
    CHECK(reader.next());
    CHECK_FALSE(reader.next());
    CHECK(reader.malformed());
    CHECK_FALSE(reader.next());
  }
}

Bytes entry(std::uint8_t type, std::string_view content) {
  Bytes bytes{type, static_cast<std::uint8_t>(content.size()), static_cast<std::uint8_t>(content.size() >> 8), 0, 0};
  std::ranges::copy(content, std::back_inserter(bytes));
  return bytes;
}

TEST_CASE("what is no entry is malformed") {
  Bytes bytes;
  SUBCASE("an unknown type") { bytes = entry(6, "{}"); }
  SUBCASE("the last unknown type") { bytes = entry(255, ""); }
  SUBCASE("a length beyond everything") { bytes = {4, 0xff, 0xff, 0xff, 0xff, '{', '}'}; }
  SUBCASE("no JSON") { bytes = entry(4, "{\"track\":"); }
  SUBCASE("JSON of another kind") { bytes = entry(4, "[7]"); }
  SUBCASE("a field that is missing") { bytes = entry(4, "{}"); }
  SUBCASE("a field of another type") { bytes = entry(4, R"({"track":"7"})"); }
  SUBCASE("a name that is none") {
    bytes = entry(2, R"({"track":1,"participantId":"p","source":"oven","video":true,"mimeType":"video/VP8",)"
                     R"("clockRate":90000,"payloadType":96})");
  }
  SUBCASE("JSON that is deeper than any") { bytes = entry(4, std::string(60'000, '[')); }
  SUBCASE("a packet with flags that there are not") {
    bytes = written({FeedPacket{.track = 1, .rtp = {}}});
    bytes[17] = 2;
  }
  SUBCASE("a packet whose clock is missing") {
    bytes = written({FeedPacket{.track = 1, .rtp = {}}});
    bytes[17] = 1;
  }
  FeedReader reader{bytes};
  CHECK_FALSE(reader.next());
  CHECK(reader.malformed());
  CHECK_FALSE(reader.next());
}

TEST_CASE("an empty record has nothing, and is well formed") {
  FeedReader reader{{}};
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.malformed());
}

}  // namespace
}  // namespace sluice::livestream
