#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "tests/congestion/packet_log.h"
#include "tests/simulation/simulated_network.h"

namespace sluice::congestion {

/// A download over something like TCP: slow start, CUBIC (RFC 9438) with its Reno-friendly region, ack clocking, loss
/// by three later acknowledgements or by timeout. Every segment is acknowledged by itself; a lost one is sent anew as
/// another, since nobody looks at the data.
class TcpFlow {
 public:
  struct Config {
    simulation::Address sender;
    simulation::Address receiver;
    Duration base_delay{};
  };

  TcpFlow(simulation::SimulatedNetwork& network, const Config& config);
  ~TcpFlow();
  TcpFlow(const TcpFlow&) = delete;
  TcpFlow& operator=(const TcpFlow&) = delete;

  /// With a fresh connection. @param bytes  To send; none: until stop().
  void start(std::optional<std::size_t> bytes = {});
  void stop() noexcept { left_ = 0; }
  [[nodiscard]] bool done() const noexcept { return left_ == 0 && in_flight_.empty(); }
  [[nodiscard]] const PacketLog& log() const noexcept { return log_; }

 private:
  static constexpr std::size_t kSegment = 1240;
  static constexpr std::size_t kAck = 40;
  static constexpr double kInitialWindow = 10;  // RFC 6928
  static constexpr double kBeta = 0.7;          // RFC 9438 section 4.6
  static constexpr double kCubic = 0.4;         // C of section 4.1
  static constexpr std::uint32_t kReordering = 3;
  static constexpr Duration kMinTimeout = std::chrono::milliseconds{200};

  void send_more();
  void handle_ack(std::uint32_t number, Instant now);
  void handle_timeout(Instant now);
  void take_round_trip(Duration sample) noexcept;
  void grow(Instant now) noexcept;
  void find_lost(std::uint32_t acknowledged, Instant now);
  void shrink(Instant now) noexcept;
  void give_back(std::size_t segments) noexcept;
  [[nodiscard]] std::optional<Instant> deadline() const noexcept;

  simulation::SimulatedNetwork& network_;
  Config config_;
  PacketLog log_;
  std::map<std::uint32_t, Instant> in_flight_;  // by number, when it was sent
  std::optional<std::size_t> left_ = 0;         // segments; none: without end
  std::uint32_t next_ = 0;
  std::uint32_t recovery_end_ = 0;  // losses before it are of one event
  double window_ = kInitialWindow;  // segments
  double threshold_ = 1e9;
  double max_window_ = 0;  // at the last loss
  Instant epoch_{};        // of the cubic function
  double reno_window_ = 0;
  Duration smoothed_{};  // round trip
  Duration timeout_ = std::chrono::seconds{1};
};

}  // namespace sluice::congestion
