#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/json.h"
#include "tests/load/load_stats.h"
#include "tests/load/options.h"
#include "tests/load/proc_stat.h"

namespace sluice::load {

/// One measured window.
struct Measurement {
  std::size_t receivers = 0;
  std::chrono::nanoseconds elapsed{};
  std::uint64_t sent = 0;      ///< by the publishers
  std::uint64_t expected = 0;  ///< by the subscribers
  LoadStats stats;
  std::optional<std::chrono::nanoseconds> server_cpu{};
  std::vector<ThreadCpu> server_threads;  ///< what each used in the window
  double generator_share = 0;       ///< of a core: its busiest thread, or all of them on the cores that it may use
  std::uint64_t buffer_errors = 0;  ///< UDP datagrams that found a full buffer, of the whole machine

  [[nodiscard]] double loss() const noexcept;
  /// Past this share the delays and losses are those of the generator.
  static constexpr double kBusy = 0.9;
  [[nodiscard]] bool generator_is_busy() const noexcept { return generator_share > kBusy; }
};

/// All that a run has found out.
struct Report {
  std::vector<Measurement> measurements;  ///< the last one is the report's; those before are steps of a ramp
  LoadStats total;
  std::uint64_t expected_streams = 0;
  std::uint64_t joins_wanted = 0;
  std::uint64_t joins_completed = 0;
  std::vector<std::string> failures;  ///< the first few reasons
  std::optional<ProcessMemory> memory_before{};
  std::optional<ProcessMemory> memory_after{};
  std::size_t receivers = 0;  ///< between the two
  std::optional<std::size_t> capacity{};

  [[nodiscard]] json::object to_json() const;
  /// For people.
  [[nodiscard]] std::string summary() const;
};

}  // namespace sluice::load
