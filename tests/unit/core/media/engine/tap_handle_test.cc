// Taps as a plugin holds them. What flows through one: tests/unit/core/media/worker/taps_test.cc.

#include "core/media/engine/tap_handle.h"

#include "tests/unit/core/media/engine/engine_fixture.h"

namespace sluice::test {
namespace {

struct Tapped : EngineFixture {
  Tapped() : EngineFixture{on_loopback(2)} {}

  [[nodiscard]] std::unique_ptr<Tap> tap(const Producer& producer) const {
    return router->tap({.producer_id = producer.id()});
  }
  double open_taps() {
    const std::string text = metrics.expose();
    double sum = 0;
    for (const std::string worker : {"0", "1"}) {
      const std::string name = "sluice_media_taps{worker=\"" + worker + "\"} ";
      const auto at = text.find(name);
      if (at != std::string::npos) sum += std::stod(text.substr(at + name.size()));
    }
    return sum;
  }

  std::unique_ptr<Transport> elsewhere = create_transport();
  std::unique_ptr<Transport> sending = create_transport();
  std::unique_ptr<Producer> camera = produce_video(*sending);
  std::unique_ptr<Producer> microphone = produce_audio(*sending);
};

std::uint16_t port_of(const Transport& transport) { return transport.ice_candidates().front().port; }

std::vector<std::string> codecs_of(const Tap& tap) {
  std::vector<std::string> out;
  for (const RtpCodecParameters& codec : tap.rtp_parameters().codecs) out.push_back(codec.mime_type);
  return out;
}

}  // namespace

TEST_CASE_FIXTURE(Tapped, "a tap tells how to read it: codecs by the router's numbers, without RTX, RED and feedback") {
  const auto video = tap(*camera);
  const auto audio = tap(*microphone);
  CHECK(video->kind() == MediaKind::video);
  CHECK(video->producer_id() == camera->id());
  CHECK(video->id() != audio->id());
  CHECK(codecs_of(*audio) == std::vector<std::string>{"audio/opus"});
  CHECK(audio->rtp_parameters().header_extensions.empty());
  REQUIRE_FALSE(codecs_of(*video).empty());
  for (const RtpCodecParameters& codec : video->rtp_parameters().codecs) {
    CAPTURE(codec.mime_type);
    CHECK_FALSE(codec.mime_type.ends_with("rtx"));
    CHECK(codec.rtcp_feedback.empty());
    bool known = false;
    for (const RtpCodecCapability& ours : router->rtp_capabilities().codecs) {
      known = known || (ours.mime_type == codec.mime_type && ours.preferred_payload_type == codec.payload_type);
    }
    CHECK(known);
  }
  REQUIRE(video->rtp_parameters().header_extensions.size() == 1);
  CHECK(video->rtp_parameters().header_extensions[0].uri == "urn:3gpp:video-orientation");
  REQUIRE(video->rtp_parameters().encodings.size() == 1);
  CHECK_FALSE(video->rtp_parameters().encodings[0].rtx.has_value());
}

TEST_CASE_FIXTURE(Tapped, "a tap of what is not in this router is refused") {
  const auto code_of = [&](const std::string& id) {
    return error_of([&] { static_cast<void>(router->tap({.producer_id = id})); }).code();
  };
  CHECK(code_of("nobody") == ErrorCode::not_found);
  const auto stranger = engine->create_router();
  const auto strange_transport = create_transport_in(*stranger);
  CHECK(code_of(produce_video(*strange_transport, Ssrc{90})->id()) == ErrorCode::not_found);
  const std::string gone = camera->id();
  camera.reset();
  CHECK(code_of(gone) == ErrorCode::not_found);
}

TEST_CASE_FIXTURE(Tapped, "a producer has so many taps and no more, and one that closes makes room") {
  std::vector<std::unique_ptr<Tap>> taps;
  for (std::size_t i = 0; i < TapHandle::kMaxOfProducer; ++i) taps.push_back(tap(*camera));
  CHECK(error_of([&] { static_cast<void>(tap(*camera)); }).code() == ErrorCode::limit_exceeded);
  CHECK_NOTHROW(static_cast<void>(tap(*microphone)));
  taps.pop_back();
  CHECK_NOTHROW(static_cast<void>(tap(*camera)));
}

TEST_CASE_FIXTURE(Tapped, "a worker has so many taps and no more, whatever producers they are of") {
  const auto there = create_transport();
  const auto here = create_transport();  // on the worker of `sending`: they take turns
  REQUIRE(port_of(*here) == port_of(*sending));
  std::vector<std::unique_ptr<Producer>> producers;
  std::vector<std::unique_ptr<Tap>> taps;
  while (taps.size() < TapHandle::kMaxOfWorker) {
    const auto number = static_cast<std::uint32_t>(taps.size());
    producers.push_back(produce_audio(*here, Ssrc{10'000 + number}, "m" + std::to_string(number)));
    for (std::size_t k = 0; k < TapHandle::kMaxOfProducer; ++k) {
      taps.push_back(router->tap({.producer_id = producers.back()->id(), .queue_bytes = 0}));
    }
  }
  CHECK(error_of([&] { static_cast<void>(tap(*microphone)); }).code() == ErrorCode::limit_exceeded);
  const auto other = produce_audio(*there, Ssrc{7});
  CHECK_NOTHROW(static_cast<void>(tap(*other)));
  producers.front().reset();
  CHECK_NOTHROW(static_cast<void>(tap(*microphone)));
}

TEST_CASE_FIXTURE(Tapped, "when the producer ends its taps are told later, once, and their readers stay") {
  const auto first = tap(*camera);
  auto second = tap(*camera);
  const auto reader = second->reader();
  int ends = 0;
  bool inside = false;
  first->on_closed([&] {
    CHECK_FALSE(inside);
    ++ends;
  });
  second->on_closed([&] { second.reset(); });
  inside = true;
  SUBCASE("the producer") { camera.reset(); }
  SUBCASE("its transport") { sending.reset(); }
  inside = false;
  CHECK(first->closed());
  loop.run_ready();
  loop.run_ready();
  CHECK(ends == 1);
  CHECK(second == nullptr);
  CHECK(reader->next() == std::nullopt);
  first->pause();
  first->resume();
  first->request_key_frame();
  settle();
}

TEST_CASE_FIXTURE(Tapped, "a tap that the plugin has dropped calls nobody") {
  int ends = 0;
  auto doomed = tap(*camera);
  doomed->on_closed([&] { ++ends; });
  SUBCASE("before the producer ends") {
    doomed.reset();
    camera.reset();
  }
  SUBCASE("while the news of its end is on its way") {
    camera.reset();
    doomed.reset();
  }
  loop.run_ready();
  settle();
  CHECK(ends == 0);
}

TEST_CASE_FIXTURE(Tapped, "taps outlive the router, their transport and the engine") {
  const auto held = tap(*camera);
  const auto reader = held->reader();
  SUBCASE("the router") { router.reset(); }
  SUBCASE("the transport") { sending.reset(); }
  SUBCASE("the engine") {
    engine->stop();
    held->pause();
    held->resume();
    held->request_key_frame();
  }
  loop.run_ready();
  CHECK(reader->next() == std::nullopt);
  CHECK(reader->dropped() == 0);
}

TEST_CASE_FIXTURE(Tapped, "a tap remembers that it is paused") {
  const auto begins = router->tap({.producer_id = camera->id(), .paused = true});
  CHECK(begins->paused());
  begins->resume();
  CHECK_FALSE(begins->paused());
  begins->pause();
  CHECK(begins->paused());
  settle();
}

TEST_CASE_FIXTURE(Tapped, "open taps are counted by worker") {
  auto video = tap(*camera);
  const auto audio = tap(*microphone);
  REQUIRE(wait_until([&] { return open_taps() == 2; }));
  video.reset();
  REQUIRE(wait_until([&] { return open_taps() == 1; }));
}

}  // namespace sluice::test
