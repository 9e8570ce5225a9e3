#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/app/system_clock.h"
#include "core/control/control_loop.h"
#include "core/media/engine/media_engine.h"
#include "core/metrics/metric_registry.h"
#include "sluice/error.h"
#include "tests/unit/core/media/ortc/fixtures.h"

/// A media engine with workers that really run, on free ports of the loopback interface, and the control thread: the
/// test's own.
namespace sluice::test {

using namespace std::chrono_literals;

inline const DtlsContext& gateway_context() {
  static const DtlsContext context{DtlsCertificate::generate(SystemClock{}.wall_time())};
  return context;
}
inline const DtlsContext& client_context() {
  static const DtlsContext context{DtlsCertificate::generate(SystemClock{}.wall_time())};
  return context;
}
inline DtlsParameters dtls_parameters(const DtlsContext& context, DtlsRole role = DtlsRole::client) {
  const Fingerprint fingerprint = context.certificate().fingerprint();
  return {.role = role, .fingerprints = {{std::string{to_string(fingerprint.algorithm())}, fingerprint.value()}}};
}

inline ConnectOptions connect_options(DtlsParameters dtls) {
  return {.dtls_parameters = std::move(dtls), .ice_parameters = std::nullopt, .ice_candidates = {}};
}

/// What a browser would send, with the header extension ids of simulation::MediaSource.
inline RtpParameters audio_parameters(Ssrc ssrc, const std::string& mid = "a") {
  auto parameters = ortc::fixtures::read<RtpParameters>(ortc::fixtures::kChromiumAudio);
  parameters.mid = mid;
  parameters.encodings.front().ssrc = ssrc;
  return parameters;
}
inline RtpParameters video_parameters(Ssrc ssrc, const std::string& mid = "v") {
  auto parameters = ortc::fixtures::read<RtpParameters>(ortc::fixtures::kSafariVideo);
  parameters.codecs = ortc::fixtures::read<RtpParameters>(ortc::fixtures::kChromiumVideo).codecs;
  parameters.mid = mid;
  parameters.encodings.front().ssrc = ssrc;
  parameters.encodings.front().rtx->ssrc = Ssrc{ssrc.value() + 1};
  return parameters;
}

class QuietLog final : public Log {
 public:
  [[nodiscard]] bool enabled(LogLevel) const noexcept override { return false; }
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

inline FillRandom repeatable_random() {
  return [generator = std::mt19937_64{7}](MutableBytes out) mutable {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(generator());
  };
}

inline MediaEngineOptions on_loopback(unsigned workers = 1) {
  MediaEngineOptions options;
  options.workers = workers;
  options.base_port = 0;
  options.listen_addresses = {"127.0.0.1"};
  return options;
}

class EngineFixture {
 public:
  static constexpr Duration kLimit = 20s;

  explicit EngineFixture(MediaEngineOptions options = on_loopback())
      : engine{std::in_place, std::move(options),        gateway_context(), loop, clock, repeatable_random(),
               log,           metrics.component("media")},
        router{engine->create_router()} {
    engine->start();
  }

  /// Runs the control loop until `condition` holds, and does `work` every millisecond meanwhile.
  template <class Condition, class Work>
  bool wait_until(Condition condition, Work work, Duration limit = kLimit) {
    const Instant deadline = clock.now() + limit;
    bool held = false;
    const Timer tick = loop.every(1ms, [&] {
      if (held) return;  // the loop is about to stop
      work();
      held = condition();
      if (held || clock.now() >= deadline) loop.stop();
    });
    loop.run();
    return held;
  }
  template <class Condition>
  bool wait_until(Condition condition) {
    return wait_until(condition, [] {});
  }

  /// Until every worker has done what was posted so far, and the control loop what came back.
  void settle() {
    std::vector<std::unique_ptr<Transport>> probes;
    for (std::size_t i = 0; i < engine->worker_count(); ++i) probes.push_back(create_transport());
    std::size_t answers = 0;
    for (const auto& probe : probes) probe->stats([&](const TransportStats&) { ++answers; });
    REQUIRE(wait_until([&] { return answers == probes.size(); }));
    loop.run_ready();
  }
  /// Until what was posted is done, and what the workers had taken from their sockets before has reached those clients
  /// that `read` reads. A worker answers before it looks at what others have passed to it, and before it sends: the
  /// second answer of each says that the others' packets were passed, the third that it has sent them.
  template <class Read>
  void settle_and(Read read) {
    for (int round = 0; round < 3; ++round) settle();
    read();
  }

  std::unique_ptr<Transport> create_transport() { return create_transport_in(*router); }
  static std::unique_ptr<Transport> create_transport_in(Router& in) {
    std::unique_ptr<Transport> created;
    in.create_transport([&](std::unique_ptr<Transport> transport) { created = std::move(transport); });
    REQUIRE(created != nullptr);
    return created;
  }
  static std::unique_ptr<Producer> produce_audio(Transport& on, Ssrc ssrc = Ssrc{1111}, const std::string& mid = "a") {
    return on.produce({.kind = MediaKind::audio, .rtp_parameters = audio_parameters(ssrc, mid)});
  }
  static std::unique_ptr<Producer> produce_video(Transport& on, Ssrc ssrc = Ssrc{2222}, const std::string& mid = "v") {
    return on.produce({.kind = MediaKind::video, .rtp_parameters = video_parameters(ssrc, mid)});
  }
  /// For a client that tells nothing of what arrives, as those of these tests: so nothing is estimated nor paced.
  std::unique_ptr<Consumer> consume(Transport& on, const Producer& producer) {
    RtpCapabilities capabilities = router->rtp_capabilities();
    for (RtpCodecCapability& codec : capabilities.codecs) {
      std::erase_if(codec.rtcp_feedback, [](const RtcpFeedback& feedback) {
        return feedback.type == "transport-cc" || feedback.type == "goog-remb";
      });
    }
    return on.consume({.producer_id = producer.id(), .rtp_capabilities = std::move(capabilities)});
  }

  SystemClock clock;
  QuietLog log;
  MetricRegistry metrics;
  ControlLoop loop{clock};
  std::optional<MediaEngine> engine;
  std::unique_ptr<Router> router;
};

/// What `action` throws; fails the test where it throws nothing.
template <class Action>
Error error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  return Error{ErrorCode::internal, ""};
}
inline std::string path_of(const Error& error) {
  const auto* path = error.details().if_contains("path");
  return path == nullptr ? "" : std::string{path->as_string()};
}

}  // namespace sluice::test
