#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/sampled_rate.h"
#include "core/media/recovery/score_meter.h"
#include "core/media/transport/media_transport.h"
#include "core/media/worker/quality_report.h"
#include "sluice/time.h"

namespace sluice {

/// Looks at a transport's producers and consumers once a second: takes their rates and scores, counts what they have
/// done, and reports what has changed in layers and scores. The packets pay nothing for it.
/// @note Worker thread only.
class TransportWatch {
 public:
  static constexpr Duration kInterval = std::chrono::seconds{1};
  /// Smaller changes of a score are not told, unless it becomes the best or silence: a room of thousands would hear of
  /// every wavering.
  static constexpr int kScoreStep = 2;

  [[nodiscard]] bool due(Instant now) const noexcept { return now >= next_; }
  void look(const MediaTransport& transport, QualityReport& out, QualityCounters& counters, Instant now);

  [[nodiscard]] DataRate received() const noexcept { return received_.rate(); }
  [[nodiscard]] DataRate sent() const noexcept { return sent_.rate(); }
  /// Consumers of video that get less than they want, for want of bandwidth.
  [[nodiscard]] std::size_t limited() const noexcept { return limited_; }
  /// Of one stream of a producer; zero for one that is not known.
  [[nodiscard]] DataRate rate_of(ProducerKey producer, std::size_t encoding) const noexcept;
  [[nodiscard]] DataRate rate_of(ConsumerKey consumer) const noexcept;
  [[nodiscard]] Score score_of(ConsumerKey consumer) const noexcept;

  [[nodiscard]] static Score score_of(const RtpProducer::Stream& stream, DataRate rate) noexcept;
  /// Of video.
  [[nodiscard]] static LayersChange layers_of(const RtpConsumer& consumer) noexcept;

 private:
  struct StreamCounts {
    std::uint64_t nacks = 0;
    std::uint64_t repaired = 0;
    std::uint64_t keyframes = 0;
    std::uint64_t octets = 0;
    std::uint64_t packets = 0;
    std::int64_t lost = 0;
  };
  /// What one transport lost of what was to come, since the last look.
  struct Span {
    std::int64_t lost = 0;
    std::int64_t expected = 0;
  };
  struct Produced {
    ProducerKey key;
    std::array<SampledRate, ortc::kMaxEncodings> rates{};
    std::array<StreamCounts, ortc::kMaxEncodings> counted{};
    std::optional<std::array<QualityReport::Stream, ortc::kMaxEncodings>> told{};
  };
  struct Consumed {
    ConsumerKey key;
    SampledRate rate{};
    ScoreMeter score{};
    Instant reported{};  // of the receiver report that `score` has taken in last
    std::uint64_t nacks = 0;
    std::uint64_t retransmitted = 0;
    std::uint64_t keyframes = 0;
    std::uint64_t octets = 0;
    std::uint64_t packets = 0;  // at the last report
    std::int64_t lost = 0;      // at the last report
    std::optional<Score> told_score{};
    LayersChange told_layers{};
  };
  void look(const RtpProducer& producer, Produced& known, QualityReport& out, Instant now);
  void look(const RtpConsumer& consumer, Consumed& known, QualityReport& out, Instant now);
  static void count(const RtpProducer::Stream& stream, StreamCounts& known, QualityCounters& counters);
  static void count(const RtpConsumer& consumer, Consumed& known, QualityCounters& counters);
  static void count_flow(const RtpProducer::Stream& stream, StreamCounts& known, std::uint64_t& bytes, Span& span);
  static void count_flow(const RtpConsumer& consumer, Consumed& known, std::uint64_t& bytes, Span& span);
  static void count_loss(const Span& span, FlowCounters& flow);

  Instant next_{};
  SampledRate received_;
  SampledRate sent_;
  std::size_t limited_ = 0;
  std::uint64_t probes_ = 0;
  std::vector<Produced> produced_;  // in the transport's order
  std::vector<Consumed> consumed_;  // in the transport's order
};

}  // namespace sluice
