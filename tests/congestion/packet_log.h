#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice::congestion {

/// A stretch of a run.
struct Window {
  Instant from;
  Instant to;
  [[nodiscard]] Duration length() const noexcept { return to - from; }
};

/// What became of every packet of one flow, to be asked about afterwards.
class PacketLog {
 public:
  /// @param base  One way without any queue.
  explicit PacketLog(Duration base) noexcept : base_{base} {}

  /// @return the packet's number, for arrived().
  std::size_t sent(std::size_t bytes, Instant now);
  void arrived(std::size_t number, Instant now);

  /// Of what arrived in the window.
  [[nodiscard]] DataRate rate(const Window& window) const;
  [[nodiscard]] std::size_t bytes_arrived(const Window& window) const;
  /// Of what was sent in it: the part that never arrived.
  [[nodiscard]] double loss(const Window& window) const;
  /// Time beyond `base` of those that arrived in it, appended.
  void collect_queue_delays(const Window& window, std::vector<Duration>& out) const;
  [[nodiscard]] std::size_t count() const noexcept { return packets_.size(); }

 private:
  struct Packet {
    Instant sent;
    std::size_t bytes = 0;
    std::optional<Instant> arrived{};
  };
  Duration base_;
  std::vector<Packet> packets_;
};

/// The least that `share` (0 to 1) of `delays` do not exceed; zero of none.
[[nodiscard]] std::chrono::milliseconds quantile(std::vector<Duration> delays, double share);

}  // namespace sluice::congestion
