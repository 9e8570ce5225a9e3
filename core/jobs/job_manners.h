#pragma once

#include <optional>

namespace sluice {

/// Takes care that the calling process does not outlive `parent`. False: it is gone already.
/// @note Call it before there are other threads.
[[nodiscard]] bool die_with(int parent) noexcept;

/// Lets everything else on the machine go first: priority, scheduling, processors, and who is killed where memory runs
/// out. Disk access follows the priority (ioprio_set(2)). What the system refuses is left as it is.
/// @note Threads that are started later inherit it.
void give_way(int nice, std::optional<unsigned> cpus) noexcept;

}  // namespace sluice
