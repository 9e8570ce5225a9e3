#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/media/transport/media_transport.h"
#include "core/media/worker/quality_report.h"
#include "core/base/sampled_rate.h"
#include "sluice/time.h"

namespace sluice {

/// Looks at a transport's producers and consumers once a second: takes their rates, and reports what has changed in
/// layers and scores. The packets pay nothing for it.
/// @note Worker thread only.
class TransportWatch {
 public:
  static constexpr Duration kInterval = std::chrono::seconds{1};
  /// Smaller changes of a score are not told, unless it becomes the best or silence: a room of thousands would hear of
  /// every wavering.
  static constexpr int kScoreStep = 2;

  [[nodiscard]] bool due(Instant now) const noexcept { return now >= next_; }
  void look(const MediaTransport& transport, QualityReport& out, Instant now);

  [[nodiscard]] DataRate received() const noexcept { return received_.rate(); }
  [[nodiscard]] DataRate sent() const noexcept { return sent_.rate(); }
  /// Of one stream of a producer; zero for one that is not known.
  [[nodiscard]] DataRate rate_of(ProducerKey producer, std::size_t encoding) const noexcept;
  [[nodiscard]] DataRate rate_of(ConsumerKey consumer) const noexcept;

  [[nodiscard]] static Score score_of(const RtpProducer::Stream& stream, DataRate rate) noexcept;
  [[nodiscard]] static Score score_of(const RtpConsumer& consumer) noexcept;
  /// Of video.
  [[nodiscard]] static LayersChange layers_of(const RtpConsumer& consumer) noexcept;

 private:
  struct Produced {
    ProducerKey key;
    std::array<SampledRate, ortc::kMaxEncodings> rates{};
    std::optional<std::array<QualityReport::Stream, ortc::kMaxEncodings>> told{};
  };
  struct Consumed {
    ConsumerKey key;
    SampledRate rate{};
    std::optional<Score> told_score{};
    LayersChange told_layers{};
  };
  void look(const RtpProducer& producer, Produced& known, QualityReport& out, Instant now);
  void look(const RtpConsumer& consumer, Consumed& known, QualityReport& out, Instant now);

  Instant next_{};
  SampledRate received_;
  SampledRate sent_;
  std::vector<Produced> produced_;  // in the transport's order
  std::vector<Consumed> consumed_;  // in the transport's order
};

}  // namespace sluice
