#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// What Linux tells of a process in /proc. All calls block on it, for microseconds.
namespace sluice::load {

struct ThreadCpu {
  std::string name;
  std::chrono::nanoseconds used{};
};

/// CPU time used so far by the threads that are there, in user and kernel.
struct ProcessCpu {
  std::chrono::nanoseconds used{};  ///< of all of them
  std::map<int, ThreadCpu> threads;
};
/// Nothing where there is no such process.
[[nodiscard]] std::optional<ProcessCpu> read_process_cpu(int pid);

/// The text of a stat file (proc(5)): utime + stime, and the name. Nothing where it is no such text.
[[nodiscard]] std::optional<ThreadCpu> parse_stat(std::string_view text, long ticks_per_second);

/// The text of a schedstat file (proc(5)): time on a core. Nothing where it is no such text.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_schedstat(std::string_view text);

struct ProcessMemory {
  std::uint64_t resident_kb = 0;      ///< VmRSS
  std::uint64_t proportional_kb = 0;  ///< Pss; 0 where it may not be read
};
[[nodiscard]] std::optional<ProcessMemory> read_process_memory(int pid);

/// UDP datagrams of the whole machine that found their socket's buffer full.
[[nodiscard]] std::uint64_t udp_receive_buffer_errors();

}  // namespace sluice::load
