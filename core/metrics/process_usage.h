#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// What the process has taken of the machine.
struct ProcessUsage {
  double cpu_seconds = 0;  ///< of all threads, user and system, since the start
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_files = 0;  ///< descriptors of whatever kind
  std::uint64_t max_open_files = 0;
  std::uint64_t threads = 0;
  double start_seconds = 0;  ///< since the epoch
};

/// Reads /proc and the limits of the process; some ten microseconds. What cannot be read is 0. Any thread.
[[nodiscard]] ProcessUsage read_process_usage();

/// What the process may have: the machine's memory, or less where its control group (version 2) says so.
[[nodiscard]] std::uint64_t read_memory_limit();

/// What one line of /proc/<pid>/stat says, in the kernel's units.
struct ProcessStat {
  std::uint64_t cpu_ticks = 0;
  std::uint64_t threads = 0;
  std::uint64_t start_ticks = 0;  ///< since the machine booted
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_pages = 0;
};
/// proc(5). Nothing where the line is no such line.
[[nodiscard]] std::optional<ProcessStat> parse_process_stat(std::string_view line);

/// When the machine booted, in seconds since the epoch: `btime` of /proc/stat.
[[nodiscard]] std::optional<std::uint64_t> parse_boot_time(std::string_view text);

}  // namespace sluice
