// Redundant audio through a worker: sender, router and receivers each have numbers of their own.

#include <algorithm>

#include "core/media/rtp/red.h"
#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kMicrophone{0x2222};
constexpr Ssrc kWithRed{0xaaaa};
constexpr Ssrc kWithout{0xbbbb};
constexpr std::uint8_t kProducerRed = 63;
constexpr std::uint8_t kRouterRed = 103;
constexpr std::uint8_t kConsumerRed = 45;

struct RedCall : Call {
  ProducerKey publish_red(ClientNumber client) {
    auto mapping = simulation::audio_producer(mid("a"), kMicrophone);
    mapping.codecs[kProducerRed] = {
        .payload_type = kRouterRed, .block_payload_type = simulation::kProducerOpus, .clock_rate = 48'000};
    return publish(client, ProducerKey{1}, MediaKind::audio, std::move(mapping));
  }
  void hear_red(ClientNumber client, ProducerKey producer) {
    auto mapping = simulation::audio_consumer(mid("6"), kWithRed);
    mapping.codecs[kRouterRed] = {.payload_type = kConsumerRed};
    mapping.red = {.router_payload_type = kRouterRed, .block_payload_type = simulation::kConsumerOpus};
    consume(client, producer, kWithRed, std::move(mapping));
  }
  void hear_opus(ClientNumber client, ProducerKey producer) {
    auto mapping = simulation::audio_consumer(mid("6"), kWithout);
    mapping.codecs[kRouterRed] = {.payload_type = simulation::kConsumerOpus};
    mapping.red = {.router_payload_type = kRouterRed};
    consume(client, producer, kWithout, std::move(mapping));
  }
  void consume(ClientNumber client, ProducerKey producer, Ssrc ssrc, ortc::ConsumerMapping mapping) {
    worker.core.consume(transport_of(client),
                        {.key = ConsumerKey{ssrc.value()},
                         .kind = MediaKind::audio,
                         .mapping = std::move(mapping),
                         .clock_rate = simulation::kAudioClock,
                         .cname = "sluice",
                         .first = kFirst},
                        producer, network.now());
  }
  void speak(SimulatedPeer& peer, std::uint8_t payload_type, const std::vector<std::uint8_t>& payload) {
    REQUIRE(peer.peer.send_rtp(
        {.payload_type = PayloadType{payload_type}, .sequence = sequence, .timestamp = timestamp, .ssrc = kMicrophone},
        {}, payload));
    sequence = advance(sequence, 1);
    timestamp = advance(timestamp, 960);
    network.run_for(20ms);
  }
  RtpSequence sequence{65533};
  RtpTimestamp timestamp{7};
};

/// The packet `n`, and the one before it once more.
std::vector<std::uint8_t> red_payload(std::uint8_t n) {
  const std::uint8_t opus = simulation::kProducerOpus;
  return {static_cast<std::uint8_t>(0x80 | opus), 0x0f, 0x00, 2, opus, 0xee, static_cast<std::uint8_t>(n - 1), 0xff, n};
}

bool equal(Bytes a, const std::vector<std::uint8_t>& b) { return std::ranges::equal(a, b); }

}  // namespace

TEST_CASE("redundant audio reaches who has RED in its numbers, and the others as the opus that it is of") {
  RedCall call;
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  SimulatedPeer& carol = call.join(3);
  const ProducerKey microphone = call.publish_red(1);
  call.hear_red(2, microphone);
  call.hear_opus(3, microphone);
  for (std::uint8_t n = 1; n <= 10; ++n) call.speak(alice, kProducerRed, red_payload(n));
  call.speak(alice, simulation::kProducerOpus, {0xff, 11});  // a sender may change over at any packet
  call.network.run_for(100ms);

  const auto with_red = bob.rtp_of(kWithRed);
  const auto without = carol.rtp_of(kWithout);
  REQUIRE(with_red.size() == 11);
  REQUIRE(without.size() == 11);
  for (std::uint8_t n = 1; n <= 11; ++n) {
    CAPTURE(int{n});
    const RtpPacketView opus = without[n - 1U].view();
    CHECK(opus.payload_type().value() == simulation::kConsumerOpus);
    CHECK(equal(opus.payload(), {0xff, n}));
    CHECK(distance(without[0].sequence(), opus.sequence()) == n - 1);
    CHECK(distance(without[0].timestamp(), opus.timestamp()) == (n - 1) * 960);
    const RtpPacketView red = with_red[n - 1U].view();
    CHECK(red.payload_type().value() == (n <= 10 ? kConsumerRed : simulation::kConsumerOpus));
    if (n == 11) break;
    CHECK(is_red_of(PayloadType{simulation::kConsumerOpus}, red.payload()));
    CHECK(equal(red.payload().subspan(5), {0xee, static_cast<std::uint8_t>(n - 1), 0xff, n}));
  }
}

TEST_CASE("redundant audio that cannot be read, or is of another codec, goes to nobody") {
  RedCall call;
  SimulatedPeer& alice = call.join(1);
  SimulatedPeer& bob = call.join(2);
  SimulatedPeer& carol = call.join(3);
  const ProducerKey microphone = call.publish_red(1);
  call.hear_red(2, microphone);
  call.hear_opus(3, microphone);
  call.speak(alice, kProducerRed, {0x80 | simulation::kProducerOpus, 0x0f, 0x00});
  call.speak(alice, kProducerRed, {0x80 | simulation::kProducerOpus, 0x0f, 0x00, 200, simulation::kProducerOpus, 1});
  call.speak(alice, kProducerRed, {0x80 | 5, 0x0f, 0x00, 1, simulation::kProducerOpus, 1, 2});
  call.speak(alice, kProducerRed, {simulation::kProducerOpus});
  call.network.run_for(100ms);
  CHECK(bob.rtp.empty());
  CHECK(carol.rtp.empty());
  call.speak(alice, kProducerRed, red_payload(9));
  call.network.run_for(100ms);
  CHECK(bob.rtp.size() == 1);
  CHECK(carol.rtp.size() == 1);
}

TEST_CASE("what is reported as sent of stripped audio are the octets that went") {
  RedCall call;
  SimulatedPeer& alice = call.join(1);
  call.join(2);
  const ProducerKey microphone = call.publish_red(1);
  call.hear_opus(2, microphone);
  for (std::uint8_t n = 1; n <= 5; ++n) call.speak(alice, kProducerRed, red_payload(n));
  call.network.run_for(100ms);
  const auto stats = call.worker.core.consumer_stats(transport_of(2), ConsumerKey{kWithout.value()});
  REQUIRE(stats.has_value());
  CHECK(stats->packets == 5);
  CHECK(stats->bytes == 10);
}

}  // namespace sluice::test
