// Who speaks, as a worker tells it.

#include <algorithm>

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kAlice{0x1111};
constexpr Ssrc kBob{0x2222};

struct SpeakingCall : Call {
  void speak(MediaSource& source, SimulatedPeer& peer, AudioLevel level, Duration time) {
    source.set_audio_level(level);
    run_audio(source, peer, static_cast<int>(time / 20ms));
  }
  [[nodiscard]] const std::vector<SpeakerReport>& reports() const { return worker.speaker_reports; }

  static constexpr AudioLevel kLoud{.voice = true, .minus_dbov = 20};
  static constexpr AudioLevel kSilent{.voice = false, .minus_dbov = 127};

  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = join(2);
  ProducerKey from_alice = publish_audio(1, kAlice);
  ProducerKey from_bob = publish_audio(2, kBob);
  MediaSource alice_source = audio_source(kAlice);
  MediaSource bob_source = audio_source(kBob);
};

}  // namespace

TEST_CASE_FIXTURE(SpeakingCall, "a worker tells who begins to speak, goes on and ends, and nothing of who is silent") {
  speak(bob_source, bob, kSilent, 1s);
  CHECK(reports().empty());
  speak(alice_source, alice, kLoud, 20ms);
  REQUIRE(reports().size() == 1);
  CHECK(reports()[0].id == SpeakerId{from_alice.value()});
  CHECK(reports()[0].minus_dbov == 20);
  CHECK(reports()[0].voice);

  speak(alice_source, alice, kLoud, 2s);
  CHECK(reports().size() >= 15);
  CHECK(reports().size() <= 25);
  CHECK(reports().back().activity == SpeechActivity{13, 5, 10});

  speak(alice_source, alice, kSilent, 2s);
  const std::size_t told = reports().size();
  CHECK(reports().back().activity.silent());
  speak(alice_source, alice, kSilent, 5s);
  CHECK(reports().size() == told);
  CHECK(std::ranges::all_of(reports(),
                            [&](const SpeakerReport& report) { return report.id == SpeakerId{from_alice.value()}; }));
}

TEST_CASE_FIXTURE(SpeakingCall, "who is paused is told of as silent, and not while packets go on") {
  speak(alice_source, alice, kLoud, 1s);
  worker.core.set_producer_paused(from_alice, true, network.now());
  speak(alice_source, alice, kLoud, 1s);
  CHECK(reports().back().activity.silent());
  worker.speaker_reports.clear();
  speak(alice_source, alice, kLoud, 1s);
  CHECK(reports().empty());
  worker.core.set_producer_paused(from_alice, false, network.now());
  speak(alice_source, alice, kLoud, 1s);
  CHECK(!reports().empty());
}

TEST_CASE_FIXTURE(SpeakingCall, "who is held back is heard by the one who decides about it") {
  worker.core.hold_back_producer(from_alice, true, network.now());
  speak(alice_source, alice, kLoud, 1s);
  CHECK(reports().size() >= 9);
}

TEST_CASE_FIXTURE(SpeakingCall, "a producer that closes while it speaks is forgotten") {
  speak(alice_source, alice, kLoud, 1s);
  speak(bob_source, bob, kLoud, 20ms);
  worker.speaker_reports.clear();
  worker.core.close_producer(transport_of(1), from_alice);
  worker.core.close(transport_of(2), network.now());
  network.run_for(2s);
  CHECK(reports().empty());
}

}  // namespace sluice::test
