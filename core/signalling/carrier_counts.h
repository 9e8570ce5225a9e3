#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace sluice {

/// What carries a Socket.IO session.
enum class Carrier : std::uint8_t { polling, web_socket };

/// How many sessions there are of each. Any thread.
class CarrierCounts {
 public:
  [[nodiscard]] std::uint64_t of(Carrier carrier) const noexcept { return counts_[static_cast<std::size_t>(carrier)]; }

 private:
  friend class CountedCarrier;
  std::array<std::atomic<std::uint64_t>, 2> counts_{};
};

/// The carrier of one session, counted as long as it lives. The counts outlive it.
class CountedCarrier {
 public:
  CountedCarrier(CarrierCounts& counts, Carrier carrier) noexcept : counts_{counts}, carrier_{carrier} { ++place(); }
  ~CountedCarrier() { --place(); }
  CountedCarrier(const CountedCarrier&) = delete;
  CountedCarrier& operator=(const CountedCarrier&) = delete;

  void move_to(Carrier carrier) noexcept {
    --place();
    carrier_ = carrier;
    ++place();
  }

 private:
  [[nodiscard]] std::atomic<std::uint64_t>& place() const noexcept {
    return counts_.counts_[static_cast<std::size_t>(carrier_)];
  }

  CarrierCounts& counts_;
  Carrier carrier_;
};

}  // namespace sluice
