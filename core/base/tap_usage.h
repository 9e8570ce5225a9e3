#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice {

/// The taps of one plugin that are open now: what waits there for its threads.
struct TapUsage {
  std::size_t count = 0;
  std::size_t queued_bytes = 0;
  std::size_t queue_bytes = 0;        ///< room of all queues
  std::uint64_t dropped_packets = 0;  ///< that found a queue full
};

}  // namespace sluice
