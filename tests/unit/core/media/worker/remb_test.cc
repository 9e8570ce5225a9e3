// A client that estimates by itself and says so: REMB, where no transport-wide feedback was negotiated.

#include "core/media/rtcp/rtcp_feedback.h"
#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kSent{0xaaaa};
constexpr ProducerKey kCamera{1};
constexpr ConsumerKey kView{2};

// Three encodings of about 75, 250 and 1000 kbit/s, and a viewer who sends REMB.
struct RembCall : Call {
  RembCall() {
    publish_simulcast(1, kCamera);
    ortc::ConsumerMapping mapping = simulation::video_consumer(mid("5"), kSent);
    mapping.feedback.remb = true;
    worker.core.consume(transport_of(2),
                        {.key = kView,
                         .kind = MediaKind::video,
                         .mapping = std::move(mapping),
                         .clock_rate = simulation::kVideoClock,
                         .cname = "sluice",
                         .first = kFirst,
                         .paused = false},
                        kCamera, network.now());
  }

  void run(Duration duration) {
    for (const Instant end = network.now() + duration; network.now() < end;) {
      for (Encoding& encoding : encodings) {
        const std::size_t asked = alice.keyframe_requests(encoding.source.ssrc()).size();
        const bool key = asked > std::exchange(encoding.answered, asked);
        encoding.source.send_frame(alice.peer,
                                   {.kind = key ? FrameKind::key : FrameKind::delta, .bytes = encoding.bytes});
      }
      network.run_for(33ms);
    }
  }
  // draft-alvestrand-rmcat-remb-03 section 2.2: "REMB", one SSRC, 6 bits of exponent and 18 of mantissa.
  void say(std::uint32_t kbps) {
    std::array<std::uint8_t, 12> fci{};
    ByteWriter out{fci};
    out.u32(0x52454d42);
    constexpr std::uint32_t kExponent = 6;
    out.u32(1U << 24 | kExponent << 18 | (kbps * 1000 >> kExponent));
    out.u32(kSent.value());
    bob.peer.send_rtcp_of([&](RtcpBuilder& builder) {
      static_cast<void>(builder.add_feedback(RtcpType::payload_feedback, kFmtApplicationLayer, Ssrc{9}, Ssrc{}, fci));
    });
  }
  void run_saying(std::uint32_t kbps, Duration duration) {
    for (Duration passed{}; passed < duration; passed += 1s) {
      say(kbps);
      run(1s);
    }
  }
  [[nodiscard]] std::optional<std::uint8_t> encoding_sent() const {
    const auto layers = worker.core.consumer_stats(transport_of(2), kView);
    REQUIRE(layers);
    return layers->current_layer ? std::optional{layers->current_layer->spatial} : std::nullopt;
  }

  struct Encoding {
    MediaSource source;
    std::size_t bytes;
    std::size_t answered = 0;
  };
  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = join(2);
  std::array<Encoding, 3> encodings{{{simulcast_source(Ssrc{31}, "l"), 310},
                                     {simulcast_source(Ssrc{32}, "m"), 1030},
                                     {simulcast_source(Ssrc{33}, "h"), 4120}}};
};

}  // namespace

TEST_CASE_FIXTURE(RembCall, "what the client says its path carries decides what it gets") {
  run_saying(3000, 6s);
  CHECK(encoding_sent() == 2);
  run_saying(400, 4s);
  CHECK(encoding_sent() == 1);
  run_saying(20, 6s);  // less than the least, which is tried for a while
  CHECK_FALSE(encoding_sent());
  run_saying(3000, 20s);
  CHECK(encoding_sent() == 2);
}

}  // namespace sluice::test
