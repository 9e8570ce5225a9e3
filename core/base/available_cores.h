#pragma once

namespace sluice {

/// Cores that this process may run on: its CPU affinity (taskset, cgroup cpusets), at least 1. What the standard
/// library counts is the machine's.
[[nodiscard]] unsigned available_cores() noexcept;

}  // namespace sluice
