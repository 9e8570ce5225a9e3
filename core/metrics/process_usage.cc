#include "core/metrics/process_usage.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace sluice {

namespace {

// proc(5), counted from the first field behind the name's bracket, which is field 3.
constexpr std::size_t kUserTicks = 14 - 3;
constexpr std::size_t kSystemTicks = 15 - 3;
constexpr std::size_t kThreads = 20 - 3;
constexpr std::size_t kStartTicks = 22 - 3;
constexpr std::size_t kVirtualBytes = 23 - 3;
constexpr std::size_t kResidentPages = 24 - 3;

std::string read_text(const char* path) {
  const std::ifstream file{path};
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view next_word(std::string_view& text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \n"), text.size());
  const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

// Since Linux 6.2 the folder's size is their number; before that they have to be counted, which takes milliseconds
// where there are thousands.
std::uint64_t count_open_files() {
  struct stat folder {};
  if (::stat("/proc/self/fd", &folder) == 0 && folder.st_size > 0) return static_cast<std::uint64_t>(folder.st_size);
  std::error_code failed;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator at{"/proc/self/fd", failed}, end; !failed && at != end;
       at.increment(failed)) {
    ++count;
  }
  return count > 0 ? count - 1 : 0;  // without the one that the folder is read by
}

std::uint64_t max_open_files() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace

// The name of the program, in brackets, may hold anything.
std::optional<ProcessStat> parse_process_stat(std::string_view line) {
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  std::string_view rest = line.substr(name_end + 1);
  std::array<std::uint64_t, kResidentPages + 1> fields{};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string_view word = next_word(rest);
    const bool needed = i == kUserTicks || i == kSystemTicks || i == kThreads || i >= kStartTicks;
    const auto number = parse_number(word);
    if (needed && !number) return std::nullopt;
    fields[i] = number.value_or(0);
  }
  return ProcessStat{.cpu_ticks = fields[kUserTicks] + fields[kSystemTicks],
                     .threads = fields[kThreads],
                     .start_ticks = fields[kStartTicks],
                     .virtual_bytes = fields[kVirtualBytes],
                     .resident_pages = fields[kResidentPages]};
}

std::optional<std::uint64_t> parse_boot_time(std::string_view text) {
  constexpr std::string_view kName = "\nbtime ";
  const std::size_t found = text.find(kName);
  if (found == std::string_view::npos) return std::nullopt;
  std::string_view rest = text.substr(found + kName.size());
  return parse_number(next_word(rest));
}

std::uint64_t read_memory_limit() {
  const auto machine =
      static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::string text = read_text("/sys/fs/cgroup/memory.max");  // a container sees its own group there
  std::string_view rest{text};
  return std::min(machine, parse_number(next_word(rest)).value_or(machine));  // "max", or there is no such file
}

ProcessUsage read_process_usage() {
  ProcessUsage usage{.open_files = count_open_files(), .max_open_files = max_open_files()};
  const auto stat = parse_process_stat(read_text("/proc/self/stat"));
  if (!stat) return usage;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  usage.cpu_seconds = static_cast<double>(stat->cpu_ticks) / ticks;
  usage.resident_bytes = stat->resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  usage.virtual_bytes = stat->virtual_bytes;
  usage.threads = stat->threads;
  const auto boot = parse_boot_time(read_text("/proc/stat"));
  if (boot) usage.start_seconds = static_cast<double>(*boot) + static_cast<double>(stat->start_ticks) / ticks;
  return usage;
}

}  // namespace sluice
