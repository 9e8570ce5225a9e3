#include "core/base/process_usage.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/file_descriptor.h"

namespace sluice {

TEST_CASE("the process has memory, a thread, and files") {
  const ProcessUsage usage = read_process_usage();
  CHECK(usage.resident_bytes > 0);
  CHECK(usage.virtual_bytes >= usage.resident_bytes);
  CHECK(usage.threads >= 1);
  rlimit limit{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  CHECK(usage.max_open_files == limit.rlim_cur);
}

TEST_CASE("open files are counted, but not the one that counts them") {
  const auto before = read_process_usage().open_files;
  CHECK(read_process_usage().open_files == before);
  {
    const FileDescriptor one{open("/dev/null", O_RDONLY | O_CLOEXEC), "open"};
    const FileDescriptor two{open("/dev/null", O_RDONLY | O_CLOEXEC), "open"};
    CHECK(read_process_usage().open_files == before + 2);
  }
  CHECK(read_process_usage().open_files == before);
}

TEST_CASE("a thread more is a thread more") {
  std::mutex mutex;
  std::condition_variable wake;
  bool end = false;
  const auto before = read_process_usage().threads;
  std::thread idle{[&] {
    std::unique_lock lock{mutex};
    wake.wait(lock, [&] { return end; });
  }};
  const auto during = read_process_usage().threads;
  {
    const std::lock_guard lock{mutex};
    end = true;
  }
  wake.notify_one();
  idle.join();
  CHECK(during == before + 1);
}

TEST_CASE("the time on a core never runs back") {
  const auto before = read_process_usage().cpu_time;
  std::vector<int> work(1 << 16);
  for (int round = 0; round < 64; ++round) {
    for (int& number : work) number = number * 31 + round;
  }
  CHECK(work.front() != 1);
  CHECK(read_process_usage().cpu_time >= before);
  CHECK(read_process_usage().cpu_time > std::chrono::microseconds{0});
}

}  // namespace sluice
