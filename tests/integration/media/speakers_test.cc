// Who speaks, over UDP on loopback: three people on two workers, and one who listens.

#include <array>
#include <string>

#include "core/media/rtp/sequence_number.h"
#include "tests/integration/media/udp_client.h"
#include "tests/simulation/media_source.h"
#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

using simulation::FrameKind;
using simulation::MediaSource;

struct Participant {
  explicit Participant(EngineFixture& fixture)
      : transport{fixture.create_transport()}, client{*transport, fixture.clock} {}

  std::unique_ptr<Transport> transport;
  UdpClient client;
};

struct Talker : Participant {
  Talker(EngineFixture& fixture, Ssrc ssrc)
      : Participant{fixture},
        producer{EngineFixture::produce_audio(*transport, ssrc)},
        source{{.kind = MediaKind::audio, .ssrc = ssrc, .mid = Mid::from("a").value()}} {}

  std::unique_ptr<Producer> producer;
  MediaSource source;
};

// Everybody sends a packet each 20 ms; one of them speaks.
struct Conversation : EngineFixture {
  static constexpr AudioLevel kVoice{.voice = true, .minus_dbov = 25};
  static constexpr AudioLevel kSilence{.voice = false, .minus_dbov = 127};

  Conversation() : EngineFixture{on_loopback(2)} {
    REQUIRE(wait_for([&] {
      return listener.client.peer().can_send() &&
             std::ranges::all_of(talkers, [](const Talker& talker) { return talker.client.peer().can_send(); });
    }));
  }

  template <class Condition>
  bool wait_for(Condition condition) {
    return wait_until(condition, [this] { pump(); });
  }
  void pump() {
    listener.client.pump();
    for (Talker& talker : talkers) talker.client.pump();
    if (clock.now() < next_packet) return;
    next_packet = std::max(next_packet, clock.now() - 100ms) + 20ms;
    for (std::size_t i = 0; i < talkers.size(); ++i) {
      talkers[i].source.set_audio_level(i == speaking ? kVoice : kSilence);
      talkers[i].source.send_audio(talkers[i].client.peer());
    }
    ++packets;
  }
  void send(int count) {
    const int end = packets + count;
    REQUIRE(wait_for([&] { return packets >= end; }));
  }

  std::array<Talker, 3> talkers{Talker{*this, Ssrc{1001}}, Talker{*this, Ssrc{1002}}, Talker{*this, Ssrc{1003}}};
  Participant listener{*this};
  std::size_t speaking = 3;  // nobody
  Instant next_packet{};
  int packets = 0;
};

Ssrc ssrc_of(const Consumer& consumer) { return consumer.rtp_parameters().encodings.front().ssrc.value(); }

void check_gapless(const std::vector<simulation::ReceivedRtp>& received) {
  for (std::size_t i = 1; i < received.size(); ++i) {
    CAPTURE(i);
    CHECK(distance(received[i - 1].sequence(), received[i].sequence()) == 1);
  }
}

}  // namespace

TEST_CASE_FIXTURE(Conversation, "three who speak in turn on two workers lead in turn, and are heard as they are") {
  std::vector<std::string> leaders;
  std::vector<SpeakerLevel> heard;
  router->on_dominant_speaker([&](const SpeakerLevel& speaker) { leaders.push_back(speaker.producer_id); });
  router->on_audio_levels(100ms, [&](const std::vector<SpeakerLevel>& levels) { heard = levels; });
  std::vector<std::string> expected;
  for (const std::size_t who : {0U, 1U, 2U, 0U}) {
    speaking = who;
    expected.push_back(talkers[who].producer->id());
    REQUIRE(wait_for([&] { return leaders == expected; }));
    REQUIRE(wait_for([&] { return heard.size() == 1 && heard[0].producer_id == expected.back(); }));
    CHECK(heard[0].minus_dbov == 25);
    CHECK(heard[0].voice);
  }
  talkers[0].producer->pause();
  expected.emplace_back();
  CHECK(wait_for([&] { return leaders == expected && heard.empty(); }));
}

TEST_CASE_FIXTURE(Conversation,
                  "with one place only the one who speaks is forwarded, from the first words on, without a gap") {
  std::array<std::unique_ptr<Consumer>, 3> consumers;
  for (std::size_t i = 0; i < 3; ++i) consumers[i] = consume(*listener.transport, *talkers[i].producer);
  const auto received = [&](std::size_t who) { return listener.client.count_of(ssrc_of(*consumers[who])); };
  REQUIRE(wait_for([&] { return received(0) > 0 && received(1) > 0 && received(2) > 0; }));

  router->on_loudest(1, [&](const std::string& producer_id, bool loud) {
    for (Talker& talker : talkers) {
      if (talker.producer->id() == producer_id) loud ? talker.producer->release() : talker.producer->hold_back();
    }
  });
  for (const std::size_t who : {1U, 2U, 0U, 1U}) {
    speaking = who;
    REQUIRE(wait_for([&] { return !talkers[who].producer->held_back(); }));
    settle_and([&] { pump(); });
    std::array<std::size_t, 3> before{};
    for (std::size_t i = 0; i < 3; ++i) before[i] = received(i);
    send(100);
    for (std::size_t i = 0; i < 3; ++i) {
      CAPTURE(i);
      CHECK(talkers[i].producer->held_back() == (i != who));
      if (i == who) CHECK(wait_for([&] { return received(i) >= before[i] + 100; }));
      if (i != who) CHECK(received(i) <= before[i] + 5);  // that were on their way
    }
  }
  for (const auto& consumer : consumers) check_gapless(listener.client.rtp_of(ssrc_of(*consumer)));
}

TEST_CASE_FIXTURE(Conversation,
                  "a camera that is held back is not sent to another worker, and returns with a key frame") {
  constexpr Ssrc kCamera{2001};
  const auto camera = produce_video(*talkers[0].transport, kCamera);
  MediaSource source{{.kind = MediaKind::video, .ssrc = kCamera, .mid = Mid::from("v").value()}};
  const auto consumer = consume(*listener.transport, *camera);
  const auto seen = [&] { return listener.client.count_of(ssrc_of(*consumer)); };
  const auto film = [&](FrameKind kind) { source.send_frame(talkers[0].client.peer(), kind, 1); };
  const auto film_until = [&](FrameKind kind, auto condition) {
    REQUIRE(wait_until(condition, [&] {
      pump();
      film(kind);
    }));
  };
  film_until(FrameKind::key, [&] { return seen() >= 5; });

  camera->hold_back();
  settle_and([&] { pump(); });
  listener.client.forget_received();
  for (int i = 0; i < 50; ++i) film(FrameKind::key);
  send(5);
  CHECK(seen() == 0);
  consumer->set_insists(true);
  film_until(FrameKind::key, [&] { return seen() >= 5; });
  consumer->set_insists(false);
  settle_and([&] { pump(); });
  listener.client.forget_received();
  for (int i = 0; i < 50; ++i) film(FrameKind::key);
  send(5);
  CHECK(seen() == 0);

  camera->release();
  talkers[0].client.forget_received();
  film_until(FrameKind::delta, [&] { return talkers[0].client.feedback(FeedbackKind::pli) > 0; });
  CHECK(seen() == 0);
  film_until(FrameKind::key, [&] { return seen() >= 5; });
}

}  // namespace sluice::test
