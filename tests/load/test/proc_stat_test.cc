#include "tests/load/proc_stat.h"

#include <doctest/doctest.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace sluice::load {

TEST_CASE("utime and stime are fields 14 and 15, whatever the name holds") {
  const auto stat = parse_stat("123 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 150 0 0 20 0 4 0 99\n", 100);
  REQUIRE(stat);
  CHECK(stat->name == "a (b) c");
  CHECK(stat->used == 4s);
}

TEST_CASE("text that is no stat file") {
  CHECK(!parse_stat("", 100));
  CHECK(!parse_stat("1 (x", 100));
  CHECK(!parse_stat(")(", 100));
  CHECK(!parse_stat("1 (x) S 1 2 3", 100));
}

TEST_CASE("this very process is there, with its threads and memory") {
  const auto cpu = read_process_cpu(::getpid());
  REQUIRE(cpu);
  CHECK(!cpu->threads.empty());
  const auto memory = read_process_memory(::getpid());
  REQUIRE(memory);
  CHECK(memory->resident_kb > 0);
}

TEST_CASE("nobody has process id -1") {
  CHECK(!read_process_cpu(-1));
  CHECK(!read_process_memory(-1));
}

TEST_CASE("a schedstat line begins with the time on a core") {
  CHECK(parse_schedstat("123456789 42 7\n") == std::chrono::nanoseconds{123'456'789});
  CHECK_FALSE(parse_schedstat("").has_value());
  CHECK_FALSE(parse_schedstat("-1 0 0").has_value());
}

}  // namespace sluice::load
