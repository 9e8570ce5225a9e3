#pragma once

#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tests/congestion/figures.h"
#include "tests/congestion/media_flow.h"
#include "tests/congestion/tcp_flow.h"
#include "tests/simulation/simulated_network.h"

namespace sluice::congestion {

using RateStep = SimulatedNetwork::RateStep;
using namespace std::chrono_literals;

/// The topology of RFC 8867 section 3: flows between many pairs share one bottleneck, and what comes back another.
///
/// With SLUICE_CONGESTION_TRACE=folder in the environment a run leaves a CSV there: for each tenth of a second and flow
/// the capacity, the estimate, what arrived, and how long it waited.
class Dumbbell {
 public:
  struct Config {
    std::string name;
    DataRate forward;
    DataRate backward = DataRate::kbps(20'000);
    Duration queue = 300ms;  ///< RFC 8867 section 4.4: drop tail, by its length in time
    Duration delay = 50ms;   ///< one way, where a flow names none
    Duration jitter = 0ms;
    double loss = 0;  ///< random, both ways
    std::uint64_t seed = 1;
  };
  enum class Direction : std::uint8_t { forward, backward };
  struct FlowConfig {
    AdaptiveSource::Config source{};
    DataRate start = DataRate::kbps(300);
    std::optional<Duration> delay{};
    Direction direction = Direction::forward;
  };

  explicit Dumbbell(const Config& config);
  ~Dumbbell();
  Dumbbell(const Dumbbell&) = delete;
  Dumbbell& operator=(const Dumbbell&) = delete;

  MediaFlow& add_media(const FlowConfig& config);
  TcpFlow& add_tcp();
  /// Of the forward direction, in time from now; the capacity is remembered for utilisation().
  void vary(std::span<const RateStep> steps, Direction direction = Direction::forward);

  void run_for(Duration time);
  [[nodiscard]] Instant now() const noexcept { return network_.now(); }
  [[nodiscard]] SimulatedNetwork& network() noexcept { return network_; }
  /// From `from` to `to` after the beginning.
  [[nodiscard]] Window window(Duration from, Duration to) const noexcept { return {begin_ + from, begin_ + to}; }

  /// What all media of the direction took of the capacity.
  [[nodiscard]] double utilisation(const Window& window, Direction direction = Direction::forward) const;
  /// Of all media packets of the direction together.
  [[nodiscard]] std::chrono::milliseconds queue_delay(const Window& window, double quantile,
                                                      Direction direction = Direction::forward) const;
  /// Of the flow that loses most.
  [[nodiscard]] double loss(const Window& window, Direction direction = Direction::forward) const;
  /// From `from` until all media of the direction first took `share` of the capacity for half a second.
  [[nodiscard]] std::chrono::milliseconds settled_after(Duration from, double share,
                                                        Direction direction = Direction::forward) const;
  /// Utilisation, queue and loss of a window; the rest is for the caller.
  [[nodiscard]] Figures figures(const std::string& scenario, const Window& window,
                                Direction direction = Direction::forward) const;

 private:
  struct Media {
    std::unique_ptr<MediaFlow> flow;
    Direction direction;
  };
  struct Line {
    simulation::Bottleneck* bottleneck = nullptr;
    std::map<Instant, DataRate> rates;  // from then on
  };

  struct Pair {
    Address sender;
    Address receiver;
  };
  Pair connect(Duration delay, Direction direction);
  [[nodiscard]] double capacity_bytes(const Window& window, Direction direction) const;
  [[nodiscard]] Line& line(Direction direction) noexcept {
    return direction == Direction::forward ? forward_ : backward_;
  }
  void trace();

  Config config_;
  SimulatedNetwork network_;
  Instant begin_;
  Line forward_;
  Line backward_;
  std::vector<Media> media_;
  std::vector<std::unique_ptr<TcpFlow>> tcp_;
  std::uint32_t next_address_ = 1;
  std::ofstream trace_;
};

}  // namespace sluice::congestion
