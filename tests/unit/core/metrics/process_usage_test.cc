#include "core/metrics/process_usage.h"

#include <doctest/doctest.h>

#include "core/metrics/metric_registry.h"
#include "core/metrics/process_metrics.h"

namespace sluice {

TEST_CASE("a line of the kernel is read, whatever the program is called") {
  const auto stat = parse_process_stat(
      "4711 (a (b) c) S 1 4711 4711 0 -1 4194560 1 2 3 4 150 50 7 8 20 0 12 0 98765 1048576 256 1844674407 1 1 0\n");
  REQUIRE(stat);
  CHECK(stat->cpu_ticks == 200);
  CHECK(stat->threads == 12);
  CHECK(stat->start_ticks == 98'765);
  CHECK(stat->virtual_bytes == 1'048'576);
  CHECK(stat->resident_pages == 256);
}

TEST_CASE("what is no such line says nothing") {
  CHECK_FALSE(parse_process_stat(""));
  CHECK_FALSE(parse_process_stat("4711 (x) S 1 2 3"));
  CHECK_FALSE(parse_process_stat("4711 (x) S 1 1 1 0 -1 0 0 0 0 0 no 50 0 0 20 0 12 0 98765 1048576 256"));
}

TEST_CASE("the time of the boot is found among the kernel's figures") {
  CHECK(parse_boot_time("cpu 1 2 3\nbtime 1700000000\nprocesses 5\n") == 1'700'000'000);
  CHECK_FALSE(parse_boot_time("cpu 1 2 3\n"));
  CHECK_FALSE(parse_boot_time("cpu 1\nbtime soon\n"));
}

TEST_CASE("this process runs, and has files open") {
  const ProcessUsage usage = read_process_usage();
  CHECK(usage.resident_bytes > 0);
  CHECK(usage.virtual_bytes > usage.resident_bytes);
  CHECK(usage.threads >= 1);
  CHECK(usage.open_files >= 1);
  CHECK(usage.max_open_files >= usage.open_files);
  CHECK(usage.start_seconds > 1'500'000'000);
}

TEST_CASE("there is as much memory as the machine has, or less") {
  CHECK(read_memory_limit() > 0);
  CHECK(read_memory_limit() >= read_process_usage().resident_bytes);
}

TEST_CASE("the process is told under the names that Prometheus' own clients use") {
  MetricRegistry registry;
  ProcessMetrics metrics{registry.process()};
  metrics.update({.cpu_seconds = 1.5, .resident_bytes = 4096, .open_files = 7, .max_open_files = 1024, .threads = 3});
  metrics.update({.cpu_seconds = 2.5, .resident_bytes = 2048, .open_files = 8, .max_open_files = 1024, .threads = 3});
  const std::string text = registry.expose();
  CHECK(text.find("\nprocess_cpu_seconds_total 2.5\n") != std::string::npos);
  CHECK(text.find("\nprocess_resident_memory_bytes 2048\n") != std::string::npos);
  CHECK(text.find("\nprocess_open_fds 8\n") != std::string::npos);
  CHECK(text.find("\nprocess_max_fds 1024\n") != std::string::npos);
  CHECK(text.find("\nprocess_threads 3\n") != std::string::npos);
}

}  // namespace sluice
