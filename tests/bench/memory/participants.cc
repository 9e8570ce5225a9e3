// What a participant costs in memory: two connected transports, two producers, two consumers, with media flowing.
//
//   cmake --build --preset release --target participants_memory && build/release/bin/participants_memory 0 100 500

#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "tests/bench/memory/meeting.h"

namespace sluice::bench {
namespace {

constexpr unsigned kWorkers = 2;

std::size_t resident_kib() {
  std::size_t size = 0;
  std::size_t resident = 0;
  std::ifstream{"/proc/self/statm"} >> size >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

void measure(const std::vector<std::size_t>& counts, const DtlsContext& dtls, const Fingerprint& client, int orders) {
  Meeting meeting{kWorkers, dtls, client, orders};
  std::size_t idle = 0;
  for (const std::size_t count : counts) {
    meeting.grow_to(count);
    const std::size_t resident = resident_kib();
    if (count == 0) idle = resident;
    std::printf("%5zu participants: %7zu KiB resident", count, resident);
    if (count > 0) std::printf(", %.1f KiB each", static_cast<double>(resident - idle) / static_cast<double>(count));
    std::printf(" (heap in use %zu KiB)\n", ::mallinfo2().uordblks / 1024);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  std::vector<std::size_t> counts;
  for (int i = 1; i < argc; ++i) counts.push_back(std::strtoul(argv[i], nullptr, 10));
  if (counts.empty()) counts = {0, 100, 500};
  return sluice::bench::run_with_clients([&](const auto& gateway, const auto& client, int orders) {
    sluice::bench::measure(counts, gateway, client, orders);
  });
}
