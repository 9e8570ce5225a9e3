#include "core/metrics/process_metrics.h"

namespace sluice {

ProcessMetrics::ProcessMetrics(Metrics& metrics)
    : cpu_{metrics.counter("cpu_seconds_total", "Time that all threads ran on a core, user and system, in seconds.")},
      resident_{metrics.gauge("resident_memory_bytes", "Memory that is in RAM, in bytes.")},
      virtual_{metrics.gauge("virtual_memory_bytes", "Memory that is mapped, in bytes.")},
      open_files_{metrics.gauge("open_fds", "Open file descriptors, sockets included.")},
      max_open_files_{metrics.gauge("max_fds", "File descriptors that may be open at once.")},
      threads_{metrics.gauge("threads", "Threads of the process.")},
      start_{metrics.gauge("start_time_seconds", "When the process started, in seconds since the epoch.")} {}

void ProcessMetrics::update(const ProcessUsage& usage) noexcept {
  cpu_.raise_to(usage.cpu_seconds);
  resident_.set(static_cast<double>(usage.resident_bytes));
  virtual_.set(static_cast<double>(usage.virtual_bytes));
  open_files_.set(static_cast<double>(usage.open_files));
  max_open_files_.set(static_cast<double>(usage.max_open_files));
  threads_.set(static_cast<double>(usage.threads));
  start_.set(usage.start_seconds);
}

}  // namespace sluice
