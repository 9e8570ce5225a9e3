#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/tally.h"
#include "core/media/ortc/limits.h"
#include "core/media/transport/media_keys.h"
#include "sluice/layers.h"
#include "sluice/media_stats.h"

namespace sluice {

/// What has changed in how well media gets through, since the worker told it last.
struct QualityReport {
  /// Of each kind in one report. What finds no room counts as not told, and is looked at again a second later.
  static constexpr std::size_t kMaxEntries = 4096;

  struct Layers {
    ConsumerKey consumer;
    LayersChange layers;
  };
  struct Consumed {
    ConsumerKey consumer;
    Score score = 0;
  };
  struct Stream {
    Ssrc ssrc{};
    Score score = 0;
    friend bool operator==(Stream, Stream) = default;
  };
  struct Produced {
    ProducerKey producer;
    std::uint8_t count = 0;                             ///< of streams
    std::array<Stream, ortc::kMaxEncodings> streams{};  ///< by encoding
  };

  std::vector<Layers> layers;
  std::vector<Consumed> consumed;
  std::vector<Produced> produced;

  /// Keeps the memory for the next one.
  void clear() noexcept {
    layers.clear();
    consumed.clear();
    produced.clear();
  }
  [[nodiscard]] bool empty() const noexcept { return layers.empty() && consumed.empty() && produced.empty(); }
};

inline constexpr std::array<double, 12> kRoundTripSeconds{0.005, 0.01, 0.025, 0.05, 0.1, 0.15,
                                                          0.2,   0.3,  0.4,   0.5,  1,   2};
inline constexpr std::array<double, 9> kLossRatios{0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5};

/// One way of media: from publishers, or to clients.
struct FlowCounters {
  std::array<std::uint64_t, 2> payload_bytes{};  ///< RTP payload by MediaKind, without retransmissions
  std::uint64_t packets_lost = 0;                ///< RFC 3550 section 6.4.1, before any repair
  Tally<kLossRatios> loss;                       ///< one value per transport and second
};

/// Of all producers and consumers that there have been: never fall.
struct QualityCounters {
  FlowCounters received{};
  FlowCounters sent{};
  Tally<kRoundTripSeconds> round_trip{};  ///< to the client: one value per transport and second, once it is known
  std::uint64_t nacks_sent = 0;           ///< packets that we asked publishers for, once each
  std::uint64_t nacks_received = 0;       ///< packets that clients asked us for, each time
  std::uint64_t retransmitted = 0;        ///< packets that we sent again
  std::uint64_t repaired = 0;             ///< packets of publishers that were asked for and came
  std::uint64_t keyframe_requests_sent = 0;
  std::uint64_t keyframe_requests_received = 0;
  std::uint64_t probes = 0;
};

}  // namespace sluice
