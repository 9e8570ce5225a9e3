// Which encoding of a simulcast a consumer gets.

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kSent{0xaaaa};
constexpr std::uint32_t kLow = 31;
constexpr std::uint32_t kMiddle = 32;
constexpr std::uint32_t kHigh = 33;

struct SimulcastCall : Call {
  SimulcastCall() {
    publish_simulcast(1, ProducerKey{1});
    view_video(2, ProducerKey{1}, kSent);
  }

  /// 33 ms of the encodings that are on; key frames where they were asked for, or where `key` says so.
  void tick(bool key = false) {
    const auto send = [&](MediaSource& source, bool on, std::size_t& answered) {
      if (!on) return source.pass(33ms);
      const std::size_t asked = alice.keyframe_requests(source.ssrc()).size();
      const bool wanted = key || (answers && asked > answered);
      answered = asked;
      source.send_frame(alice.peer, wanted ? FrameKind::key : FrameKind::delta);
    };
    send(low, low_on, low_answered_);
    send(middle, middle_on, middle_answered_);
    send(high, high_on, high_answered_);
    network.run_for(33ms);
  }
  void ticks(int count) {
    for (int i = 0; i < count; ++i) tick();
  }
  /// The encoding that a packet came from, by its size.
  [[nodiscard]] static std::uint32_t encoding_of(const ReceivedRtp& packet) {
    switch (packet.view().payload().size()) {
      case 100:
        return kLow;
      case 200:
        return kMiddle;
      default:
        return kHigh;
    }
  }
  [[nodiscard]] std::vector<std::uint32_t> encodings_in_turn() const {
    std::vector<std::uint32_t> turns;
    for (const ReceivedRtp& packet : bob.rtp_of(kSent)) {
      if (turns.empty() || turns.back() != encoding_of(packet)) turns.push_back(encoding_of(packet));
    }
    return turns;
  }
  /// Numbers without a gap, time that goes on, and each change on a key frame.
  void check_seamless() const {
    const auto packets = bob.rtp_of(kSent);
    REQUIRE_FALSE(packets.empty());
    CHECK(packets.front().starts_keyframe());
    check_gapless(packets);
    for (std::size_t i = 1; i < packets.size(); ++i) {
      CAPTURE(i);
      const bool change = encoding_of(packets[i - 1]) != encoding_of(packets[i]);
      if (change) CHECK(packets[i].starts_keyframe());
      const std::chrono::duration<double> passed = packets[i].at - packets[i - 1].at;
      const double ticks = distance(packets[i - 1].timestamp(), packets[i].timestamp());
      CHECK(ticks >= 0);
      if (change) CHECK(ticks > 0);
      CHECK(ticks <= passed.count() * 90'000 + 4000);
    }
  }
  static MediaSource source(std::uint32_t ssrc, std::string_view name, std::size_t size) {
    return MediaSource{{.kind = MediaKind::video,
                        .ssrc = Ssrc{ssrc},
                        .mid = mid("v"),
                        .rid = rid(name),
                        .first_sequence = RtpSequence{static_cast<std::uint16_t>(ssrc * 7919)},
                        .first_timestamp = RtpTimestamp{ssrc * 100'000'003},
                        .payload_size = size}};
  }

  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = join(2);
  MediaSource low = source(kLow, "l", 100);
  MediaSource middle = source(kMiddle, "m", 200);
  MediaSource high = source(kHigh, "h", 300);
  bool low_on = true;
  bool middle_on = true;
  bool high_on = true;
  bool answers = true;

 private:
  std::size_t low_answered_ = 0;
  std::size_t middle_answered_ = 0;
  std::size_t high_answered_ = 0;
};

}  // namespace

TEST_CASE_FIXTURE(SimulcastCall, "of three encodings the best is sent, and only that one is asked for a key frame") {
  ticks(30);
  CHECK(encodings_in_turn() == std::vector{kHigh});
  CHECK(alice.keyframe_requests(Ssrc{kHigh}).size() == 1);
  CHECK(alice.keyframe_requests(Ssrc{kMiddle}).empty());
  CHECK(alice.keyframe_requests(Ssrc{kLow}).empty());
  check_seamless();
}

TEST_CASE_FIXTURE(SimulcastCall, "whoever has nothing takes the first key frame that comes, and changes up later") {
  answers = false;
  tick();
  high_on = false;
  tick(true);  // of low and middle: low comes first
  high_on = true;
  ticks(5);
  answers = true;
  ticks(90);
  CHECK(encodings_in_turn() == std::vector{kLow, kHigh});
  check_seamless();
}

TEST_CASE_FIXTURE(SimulcastCall, "when the best falls silent the next takes over with a key frame, and back") {
  ticks(30);
  high_on = false;
  ticks(20);
  CHECK(encodings_in_turn() == std::vector{kHigh});  // not yet a second
  ticks(20);
  CHECK(encodings_in_turn() == std::vector{kHigh, kMiddle});
  CHECK(alice.keyframe_requests(Ssrc{kMiddle}).size() == 1);
  middle_on = false;
  ticks(40);
  CHECK(encodings_in_turn() == std::vector{kHigh, kMiddle, kLow});
  high_on = true;
  ticks(10);
  CHECK(encodings_in_turn() == std::vector{kHigh, kMiddle, kLow, kHigh});
  ticks(30);
  check_seamless();
}

TEST_CASE_FIXTURE(SimulcastCall, "a best encoding that has never been there is not waited for long") {
  high_on = false;
  ticks(60);
  CHECK(encodings_in_turn() == std::vector{kMiddle});
  CHECK(bob.rtp_of(kSent).front().at - (Instant{} + 1h) < 3s);
  check_seamless();
}

TEST_CASE_FIXTURE(SimulcastCall, "a key frame of another encoding changes nothing while the best is there") {
  ticks(30);
  answers = false;
  for (int i = 0; i < 10; ++i) tick(true);
  CHECK(encodings_in_turn() == std::vector{kHigh});
}

TEST_CASE_FIXTURE(SimulcastCall, "after a pause the best of then is taken") {
  ticks(30);
  worker.core.set_consumer_paused(transport_of(2), ConsumerKey{kSent.value()}, true, network.now());
  high_on = false;
  ticks(60);
  worker.core.set_consumer_paused(transport_of(2), ConsumerKey{kSent.value()}, false, network.now());
  ticks(60);
  CHECK(encodings_in_turn() == std::vector{kHigh, kMiddle});
  check_seamless();
}

TEST_CASE_FIXTURE(SimulcastCall,
                  "a client that prefers less gets that encoding, from its next key frame on, and back") {
  const auto prefer = [this](std::optional<LayerPosition> most) {
    worker.core.set_consumer_preferred(transport_of(2), ConsumerKey{kSent.value()}, most);
  };
  ticks(30);
  prefer(LayerPosition{.spatial = 1, .temporal = 0});
  ticks(30);
  CHECK(encodings_in_turn() == std::vector{kHigh, kMiddle});
  CHECK(alice.keyframe_requests(Ssrc{kMiddle}).size() == 1);
  prefer(LayerPosition{.spatial = 0, .temporal = 0});
  answers = false;
  ticks(30);
  CHECK(encodings_in_turn() == std::vector{kHigh, kMiddle});  // without a key frame the old one goes on
  answers = true;
  prefer(std::nullopt);
  ticks(60);
  CHECK(encodings_in_turn().back() == kHigh);
  check_seamless();
}

TEST_CASE_FIXTURE(SimulcastCall, "the streams are told apart by rid, and their statistics are apart") {
  ticks(30);
  low_on = false;
  ticks(30);
  const auto stats = worker.core.producer_stats(transport_of(1), ProducerKey{1});
  REQUIRE(stats.size() == 3);
  CHECK(stats[0].ssrc == Ssrc{kLow});
  CHECK(stats[0].packets >= 58);
  CHECK(stats[0].packets <= 60);
  CHECK(stats[2].ssrc == Ssrc{kHigh});
  CHECK(stats[2].packets >= 118);
  CHECK(stats[2].packets_lost == 0);
}

}  // namespace sluice::test
