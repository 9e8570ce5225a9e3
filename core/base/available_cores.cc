#include "core/base/available_cores.h"

#include <sched.h>

#include <algorithm>
#include <thread>

namespace sluice {

unsigned available_cores() noexcept {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) == 0) {
    return std::max(1U, static_cast<unsigned>(CPU_COUNT(&cores)));
  }
  return std::max(1U, std::thread::hardware_concurrency());  // more cores than the set has room for
}

}  // namespace sluice
