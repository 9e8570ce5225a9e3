#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sluice/time.h"

namespace sluice::simulation {

/// Which packets of a stream a receiver misses, and when it asks for them: at once, and again until they come or it
/// gives them up. Positions are sequence numbers that do not wrap.
class MissingPackets {
 public:
  struct Config {
    Duration retry = std::chrono::milliseconds{100};  ///< a round trip and a little
    int max_requests = 10;
  };

  explicit MissingPackets(const Config& config) noexcept : config_{config} {}

  /// One has arrived, repaired or not.
  void on_packet(std::int64_t position, Instant now);
  /// Those to be asked for now, ascending; counts as asked.
  [[nodiscard]] std::vector<std::int64_t> take_due(Instant now);
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;
  /// What comes before is not needed any more.
  void forget_before(std::int64_t position);

  [[nodiscard]] std::uint64_t given_up() const noexcept { return given_up_; }
  [[nodiscard]] std::uint64_t requested() const noexcept { return requested_; }

 private:
  static constexpr std::size_t kMaxMissing = 1000;

  struct Missing {
    Instant due;
    int requests = 0;
  };

  Config config_;
  std::map<std::int64_t, Missing> missing_;
  std::optional<std::int64_t> newest_;
  std::uint64_t given_up_ = 0;
  std::uint64_t requested_ = 0;
};

}  // namespace sluice::simulation
