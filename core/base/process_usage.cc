#include "core/base/process_usage.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace sluice {

namespace {

namespace fs = std::filesystem;

std::chrono::microseconds cpu_time() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return {};
  const auto of = [](const timeval& time) {
    return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

// proc(5), /proc/self/statm: the size of the address space and what of it is resident, in pages.
void read_memory(ProcessUsage& usage) {
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  std::ifstream{"/proc/self/statm"} >> all >> resident;
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  usage.virtual_bytes = all * page;
  usage.resident_bytes = resident * page;
}

std::uint64_t entries_of(const char* folder) {
  std::error_code error;
  fs::directory_iterator entry{folder, error};
  std::uint64_t count = 0;
  // By hand: the iterator's own ++ throws where an entry cannot be read.
  for (; !error && entry != fs::directory_iterator{}; entry.increment(error)) ++count;
  return count;
}

std::uint64_t max_open_files() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace

ProcessUsage read_process_usage() {
  ProcessUsage usage;
  usage.cpu_time = cpu_time();
  read_memory(usage);
  const std::uint64_t files = entries_of("/proc/self/fd");
  usage.open_files = files == 0 ? 0 : files - 1;  // the one that lists them
  usage.max_open_files = max_open_files();
  usage.threads = entries_of("/proc/self/task");
  return usage;
}

}  // namespace sluice
