#include "tests/load/proc_stat.h"

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace sluice::load {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// The number behind `label` in lines of `Label:   123 kB`.
std::uint64_t labelled(const std::string& text, std::string_view label) {
  const std::size_t at = text.find(label);
  if (at == std::string::npos) return 0;
  std::istringstream in{text.substr(at + label.size())};
  std::uint64_t out = 0;
  in >> out;
  return out;
}

}  // namespace

// proc(5): pid (comm) state ppid ... with utime and stime as fields 14 and 15. The name may hold blanks and brackets.
std::optional<ThreadCpu> parse_stat(std::string_view text, long ticks_per_second) {
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  std::istringstream fields{std::string{text.substr(close + 1)}};
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  if (!(fields >> user >> system)) return std::nullopt;
  constexpr std::int64_t kSecond = 1'000'000'000;
  return ThreadCpu{.name = std::string{text.substr(open + 1, close - open - 1)},
                   .used = std::chrono::nanoseconds{(user + system) * (kSecond / ticks_per_second)}};
}

// proc(5): nanoseconds on a core, nanoseconds waiting for one, and how often it ran.
std::optional<std::chrono::nanoseconds> parse_schedstat(std::string_view text) {
  std::int64_t used = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), used);
  if (error != std::errc{} || used < 0) return std::nullopt;
  return std::chrono::nanoseconds{used};
}

std::optional<ProcessCpu> read_process_cpu(int pid) {
  const long ticks = ::sysconf(_SC_CLK_TCK);
  const std::string folder = "/proc/" + std::to_string(pid);
  const auto whole = parse_stat(read_file(folder + "/stat"), ticks);
  if (!whole) return std::nullopt;

  ProcessCpu out;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator{folder + "/task", gone}) {
    const std::string name = entry.path().filename();
    int thread = 0;
    std::from_chars(name.data(), name.data() + name.size(), thread);
    auto stat = parse_stat(read_file(entry.path() / "stat"), ticks);
    if (!stat) continue;
    // A kernel that counts by ticks charges whoever runs when the tick comes: far off for a process that sleeps between
    // bursts. The scheduler's own account is exact.
    if (const auto exact = parse_schedstat(read_file(entry.path() / "schedstat"))) stat->used = *exact;
    out.used += stat->used;
    out.threads[thread] = *stat;
  }
  return out;
}

std::optional<ProcessMemory> read_process_memory(int pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const std::string status = read_file(folder + "/status");
  if (status.empty()) return std::nullopt;
  return ProcessMemory{.resident_kb = labelled(status, "VmRSS:"),
                       .proportional_kb = labelled(read_file(folder + "/smaps_rollup"), "\nPss:")};
}

// /proc/net/snmp: a line of names and a line of values, both beginning with `Udp:`.
std::uint64_t udp_receive_buffer_errors() {
  std::istringstream lines{read_file("/proc/net/snmp")};
  std::string names_line;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("Udp:")) continue;
    if (names_line.empty()) {
      names_line = line;
      continue;
    }
    std::istringstream names{names_line};
    std::istringstream values{line};
    std::string name;
    std::string value;
    while (names >> name && values >> value) {
      if (name == "RcvbufErrors") return std::stoull(value);
    }
  }
  return 0;
}

}  // namespace sluice::load
