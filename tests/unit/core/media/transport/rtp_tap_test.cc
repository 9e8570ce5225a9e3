// What a tap's reader gets of a producer's packets.

#include "core/media/transport/rtp_tap.h"

#include <doctest/doctest.h>

#include "tests/unit/core/media/transport/layered_consumer.h"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

struct Read {
  std::vector<std::uint8_t> bytes;
  Instant arrival;
  std::optional<TappedClock> clock;

  [[nodiscard]] RtpPacketView rtp() const { return RtpPacketView::parse(bytes).value(); }
};

/// A tap on video of several encodings, each a VP8 stream of one packet per picture.
struct TappedVideo {
  explicit TappedVideo(std::uint8_t encodings = 1, std::size_t queue_bytes = TapQueue::kMinBytes)
      : call{VideoCodec::vp8, encodings},
        queue{std::make_shared<TapQueue>(queue_bytes)},
        tap{std::make_unique<RtpTap>(spec(), queue)} {
    tap->consumer().attach(call.source, call.now);
    call.source.requests.clear();
  }

  static RtpConsumer::Spec spec() {
    RtpConsumer::Spec out{.key = ConsumerKey{9},
                          .kind = MediaKind::video,
                          .mapping = {},
                          .clock_rate = 90'000,
                          .cname = "c",
                          .first = {RtpSequence{65'530}, RtpTimestamp{0xffff'0000}},
                          .insists = true};
    out.mapping.codecs[kRouterType] = {.payload_type = kRouterType};
    out.mapping.streams.push_back({.source = Ssrc{1}, .ssrc = Ssrc{77}, .rtx_ssrc = {}});
    return out;
  }
  void picture(bool key = false, std::uint8_t encoding = 0, std::size_t bytes = 8) {
    SourcePacket packet{.encoding = encoding,
                        .sequence = numbers[encoding],
                        .timestamp = static_cast<std::uint32_t>(numbers[encoding]) * 3000U + encoding * 500'000U,
                        .payload = vp8_payload(numbers[encoding] & 0x7fff, 0, 0, false, key)};
    packet.payload.resize(bytes, 0x55);
    ++numbers[encoding];
    call.send(packet);
  }
  void tick() { call.now += 33ms; }
  std::vector<Read> read() {
    std::vector<Read> out;
    while (const auto packet = queue->next()) {
      out.push_back({{packet->rtp.begin(), packet->rtp.end()}, packet->arrival, packet->clock});
    }
    return out;
  }

  LayeredConsumer call;
  std::shared_ptr<TapQueue> queue;
  std::unique_ptr<RtpTap> tap;
  std::array<std::uint16_t, 3> numbers{65'500, 200, 300};
};

/// Where the sender's wall clock stands at `clock.ntp`, by the tap's timestamps: the same for all packets of one clock.
std::uint32_t lag_of(const Read& read, std::uint32_t ntp_ticks) { return read.clock->rtp.value() - ntp_ticks; }

}  // namespace

TEST_CASE("a tap begins with a key frame, in an order and a numbering of its own, and tells when packets came") {
  TappedVideo video;
  const Instant begin = video.call.now;
  for (int i = 0; i < 3; ++i) {
    video.picture(i == 1);
    video.tick();
  }
  const auto read = video.read();
  REQUIRE(read.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const RtpPacketView rtp = read[i].rtp();
    CHECK(rtp.ssrc() == Ssrc{77});
    CHECK(rtp.payload_type() == PayloadType{kRouterType});
    CHECK(rtp.sequence() == RtpSequence{static_cast<std::uint16_t>(65'530 + i)});
    CHECK(rtp.timestamp() == RtpTimestamp{static_cast<std::uint32_t>(0xffff'0000 + 3000 * i)});
    CHECK(read[i].arrival == begin + 33ms * (i + 1));
    CHECK_FALSE(read[i].clock.has_value());
  }
  CHECK(video.call.unchanged);
  CHECK(video.queue->dropped() == 0);
}

TEST_CASE("the sender's clock is told in the tap's timestamps, and stays true over a change of encoding") {
  TappedVideo video{2};
  video.call.source.hear_report(0, {.ntp = NtpTime{std::uint64_t{7} << 32}, .rtp = RtpTimestamp{1000}});
  video.call.source.hear_report(1, {.ntp = NtpTime{std::uint64_t{8} << 32}, .rtp = RtpTimestamp{91'000 + 500'000}});
  video.numbers = {40, 40, 0};
  for (int i = 0; i < 3; ++i) {
    video.picture(i == 0, 0);
    video.tick();
  }
  for (int i = 0; i < 3; ++i) {
    video.numbers[1] = video.numbers[0];
    video.picture(false, 0);
    video.picture(i == 0, 1);
    video.tick();
  }
  const auto read = video.read();
  REQUIRE(read.size() >= 6);
  for (std::size_t i = 0; i < read.size(); ++i) {
    CAPTURE(i);
    CHECK(read[i].rtp().sequence() == RtpSequence{static_cast<std::uint16_t>(65'530 + i)});
    REQUIRE(read[i].clock.has_value());
    const auto seconds = static_cast<std::uint32_t>(read[i].clock->ntp >> 32);
    CHECK(seconds == (i < 4 ? 7 : 8));
    CHECK(lag_of(read[i], seconds * 90'000) == lag_of(read[0], 7 * 90'000));
    // Picture 40 + n is of 120'000 + 3000 n ticks by the first clock, which showed 1000 at second 7.
    if (i >= 1) CHECK(distance(read[i - 1].rtp().timestamp(), read[i].rtp().timestamp()) > 0);
  }
  CHECK(read[0].rtp().timestamp().value() - read[0].clock->rtp.value() == 120'000 - 1000);
}

TEST_CASE("a clock is not told of a numbering that the sender has given up") {
  TappedVideo video;
  video.call.source.hear_report(0, {.ntp = NtpTime{std::uint64_t{7} << 32}, .rtp = RtpTimestamp{1000}});
  video.picture(true);
  video.call.source.begin_anew(0);
  video.call.source.hear_report(0, {.ntp = NtpTime{std::uint64_t{7} << 32}, .rtp = RtpTimestamp{5}});
  video.picture();  // of the numbering before: it has waited for the end of the batch
  const auto read = video.read();
  REQUIRE(read.size() == 2);
  CHECK(read[0].clock.has_value());
  CHECK_FALSE(read[1].clock.has_value());
}

TEST_CASE("a full queue drops and counts, and asks for nothing; once half of it is free video goes on after a gap") {
  TappedVideo video;
  video.picture(true);
  while (video.queue->dropped() == 0) video.picture(false, 0, 1000);
  for (int i = 0; i < 9; ++i) video.picture(false, 0, 1000);
  CHECK(video.queue->dropped() == 10);
  CHECK(video.call.source.requests.empty());

  static_cast<void>(video.queue->next());
  static_cast<void>(video.queue->next());
  static_cast<void>(video.queue->next());
  video.picture();  // there would be room, but not half of the queue
  CHECK(video.queue->dropped() == 11);
  auto read = video.read();
  video.picture();
  CHECK(video.queue->dropped() == 12);
  video.picture();  // waits for the key frame
  CHECK(video.queue->dropped() == 12);
  CHECK(video.call.source.requests == std::vector<std::uint8_t>{0});
  CHECK(video.read().empty());

  video.picture(true);
  video.picture();
  const auto after = video.read();
  REQUIRE(after.size() == 2);
  CHECK(distance(read.back().rtp().sequence(), after[0].rtp().sequence()) == 2);
  CHECK(distance(after[0].rtp().sequence(), after[1].rtp().sequence()) == 1);
  // 12 dropped, and one not wanted: the time goes on as it did at the sender.
  CHECK(distance(read.back().rtp().timestamp(), after[0].rtp().timestamp()) == 14 * 3000);
}

TEST_CASE("a late packet that finds the queue full is dropped like any other") {
  TappedVideo video;
  video.picture(true);
  const std::uint16_t late = video.numbers[0]++;
  while (video.queue->dropped() == 0) video.picture(false, 0, 1000);
  video.numbers[0] = late;
  video.picture();
  CHECK(video.queue->dropped() == 2);
  video.numbers[0] = static_cast<std::uint16_t>(late + 100);
  const std::size_t count = video.read().size();
  CHECK(count > 5);
  video.numbers[0] = late;
  video.picture();  // finds room, in the middle of nowhere
  CHECK(video.queue->dropped() == 3);
  CHECK(video.read().empty());
}

TEST_CASE("a packet too long for the queue's records is dropped and counted, and the next one comes") {
  TappedVideo video;
  video.picture(true, 0, TapQueue::kMaxPacket);
  CHECK(video.queue->dropped() == 1);
  video.picture(true, 0, TapQueue::kMaxPacket - kRtpFixedHeaderSize);
  CHECK(video.read().size() == 1);
  CHECK(video.queue->dropped() == 1);
}

TEST_CASE("the reader outlives the tap and the source") {
  auto video = std::make_unique<TappedVideo>();
  video->picture(true);
  video->picture();
  const std::shared_ptr<TapQueue> queue = video->queue;
  SUBCASE("the tap goes first") { video->tap.reset(); }
  SUBCASE("both at once") {}
  video.reset();
  CHECK(queue->next().has_value());
  CHECK(queue->next().has_value());
  CHECK_FALSE(queue->next().has_value());
}

}  // namespace sluice::test
