// What a worker reports of layers and scores.

#include <algorithm>
#include <optional>

#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::test {
namespace {

constexpr Ssrc kPublished{0x1111};
constexpr Ssrc kSent{0x2222};

struct QualityCall : Call {
  void run(int frames, FrameKind first = FrameKind::delta) { run_frames(camera, alice, frames, first); }

  /// What was told last of the consumer.
  [[nodiscard]] std::optional<LayersChange> layers() const {
    std::optional<LayersChange> last;
    for (const QualityReport& report : worker.quality_reports) {
      for (const QualityReport::Layers& entry : report.layers) {
        if (entry.consumer == consumer) last = entry.layers;
      }
    }
    return last;
  }
  [[nodiscard]] std::optional<Score> producer_score() const {
    std::optional<Score> last;
    for (const QualityReport& report : worker.quality_reports) {
      for (const QualityReport::Produced& entry : report.produced) last = entry.streams.front().score;
    }
    return last;
  }

  SimulatedPeer& alice = join(1);
  SimulatedPeer& bob = join(2);
  MediaSource camera = video_source(kPublished);
  ProducerKey producer = publish_video(1, kPublished);
  ConsumerKey consumer = view_video(2, producer, kSent);
};

}  // namespace

TEST_CASE_FIXTURE(QualityCall, "what is sent of video is told, and why it is not more") {
  run(70, FrameKind::key);
  REQUIRE(layers());
  CHECK(layers()->current == MediaLayer{});

  SUBCASE("a pause") {
    worker.core.set_consumer_paused(transport_of(2), consumer, true, network.now());
    run(40);
    CHECK(layers() == LayersChange{.current = {}, .target = {}, .reason = LayersReason::paused});
  }
  SUBCASE("the producer has gone") {
    worker.core.close_producer(transport_of(1), producer);
    network.run_for(2s);
    CHECK(layers() == LayersChange{.current = {}, .target = {}, .reason = LayersReason::source});
  }
  SUBCASE("nothing while nothing changes") {
    const auto told = [&] {
      return std::ranges::count_if(worker.quality_reports, [](const QualityReport& r) { return !r.layers.empty(); });
    };
    run(40);
    const auto before = told();
    run(120);
    CHECK(told() == before);
  }
}

TEST_CASE_FIXTURE(QualityCall, "a producer's score is good while it arrives, and 0 when nothing does") {
  run(100, FrameKind::key);
  CHECK(producer_score() == kBestScore);
  network.run_for(3s);
  CHECK(producer_score() == Score{0});
}

TEST_CASE_FIXTURE(QualityCall, "reports keep their distance") {
  run(100, FrameKind::key);
  CHECK(worker.quality_reports.size() <= 40);  // of 3.3 s and the start, at most one in 100 ms
  CHECK(std::ranges::none_of(worker.quality_reports, &QualityReport::empty));
}

TEST_CASE_FIXTURE(QualityCall, "statistics say what streams take, and who goes first") {
  worker.core.set_consumer_priority(transport_of(2), consumer, 77);
  run(100, FrameKind::key);
  const auto received = worker.core.producer_stats(transport_of(1), producer);
  REQUIRE(received.size() == 1);
  CHECK(received.front().bitrate_bps > 0);
  CHECK(received.front().score == kBestScore);
  const auto sent = worker.core.consumer_stats(transport_of(2), consumer);
  REQUIRE(sent);
  CHECK(sent->bitrate_bps > 0);
  CHECK(int{sent->priority.value()} == 77);
  CHECK(sent->current_layer == MediaLayer{});
  const auto transport = worker.core.transport_stats(transport_of(2));
  REQUIRE(transport);
  CHECK(transport->sending_bps > sent->bitrate_bps);
  CHECK(transport->receiving_bps < transport->sending_bps);
}

}  // namespace sluice::test
