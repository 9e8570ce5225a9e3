// What is lost between the gateway and a client that has no RTX, as browsers have none for sound.

#include <algorithm>
#include <array>
#include <set>

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kMicrophone{0x1111};
constexpr Ssrc kSent{0xaaaa};
constexpr ClientNumber kAlice = 1;
constexpr ClientNumber kBob = 2;

struct ResendCall : Call {
  ResendCall() { hear_audio(kBob, publish_audio(kAlice, kMicrophone), kSent); }

  void speak(int packets) {
    for (int i = 0; i < packets; ++i) {
      microphone.send_audio(alice.peer);
      network.run_for(20ms);
    }
  }
  /// The next packet of sound to Bob does not arrive.
  void lose_one() {
    network.set_interceptor([lost = false](Address from, Address to, auto& datagram) mutable {
      const bool is_sound = from == kGateway && to == Address{kBob} && datagram.size() > 12 &&
                            (datagram[0] & 0xc0) == 0x80 && !is_rtcp(datagram);
      if (!is_sound || lost) return true;
      lost = true;
      return false;
    });
  }
  static bool is_rtcp(const std::vector<std::uint8_t>& datagram) { return datagram[1] >= 192 && datagram[1] <= 223; }

  /// The number that is missing in what Bob has.
  [[nodiscard]] std::optional<RtpSequence> missing() const {
    const auto packets = bob.rtp_of(kSent);
    std::set<int> offsets;
    for (const ReceivedRtp& packet : packets) offsets.insert(distance(packets.front().sequence(), packet.sequence()));
    for (int offset = 0; offset < *offsets.rbegin(); ++offset) {
      if (!offsets.contains(offset)) return advance(packets.front().sequence(), offset);
    }
    return std::nullopt;
  }
  void ask_for(RtpSequence sequence) {
    bob.peer.send_rtcp_of(
        [&](RtcpBuilder& out) { static_cast<void>(out.add_nack(Ssrc{9}, kSent, std::array{sequence})); });
    network.run_for(100ms);
  }

  SimulatedPeer& alice = join(kAlice);
  SimulatedPeer& bob = join(kBob);
  MediaSource microphone{{.kind = MediaKind::audio, .ssrc = kMicrophone, .mid = mid("a"), .payload_size = 80}};
};

}  // namespace

TEST_CASE_FIXTURE(ResendCall, "from the first NACK on, what is lost comes again as it was, and SRTP takes it") {
  speak(10);
  ask_for(bob.rtp_of(kSent).back().sequence());  // nothing is kept yet: nobody had asked
  speak(5);
  lose_one();
  speak(5);
  const auto lost = missing();
  REQUIRE(lost);
  ask_for(*lost);
  CHECK_FALSE(missing());
  CHECK(bob.peer.counters().rejected == 0);
  const auto again = bob.rtp_of(kSent).back();
  CHECK(again.sequence() == *lost);
  CHECK(again.view().payload().size() == 80);
}

TEST_CASE_FIXTURE(ResendCall, "who asks again and again for the same gets it once within a round trip") {
  ask_for(RtpSequence{0});
  speak(5);
  lose_one();
  speak(3);
  network.run_for(100ms);  // nothing is under way
  const auto lost = missing();
  REQUIRE(lost);
  const std::size_t before = bob.rtp_of(kSent).size();
  for (int i = 0; i < 20; ++i) {
    bob.peer.send_rtcp_of(
        [&](RtcpBuilder& out) { static_cast<void>(out.add_nack(Ssrc{9}, kSent, std::array{*lost})); });
  }
  network.run_for(200ms);
  CHECK(bob.rtp_of(kSent).size() == before + 1);
  CHECK(bob.peer.counters().rejected == 0);  // what came twice, SRTP would have refused
}

}  // namespace sluice::test
