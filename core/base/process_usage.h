#pragma once

#include <chrono>
#include <cstdint>

namespace sluice {

/// What this process takes of the machine, as the kernel counts it.
struct ProcessUsage {
  std::chrono::microseconds cpu_time{};  ///< of all threads, in user and kernel mode, since the start
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_files = 0;
  std::uint64_t max_open_files = 0;  ///< RLIMIT_NOFILE, the soft one
  std::uint64_t threads = 0;
};

/// Asks the kernel (getrusage, /proc/self); what it does not tell is 0. Takes about as long as there are open files:
/// some 100 µs for a thousand. Any thread.
[[nodiscard]] ProcessUsage read_process_usage();

}  // namespace sluice
