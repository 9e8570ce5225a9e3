#pragma once

#include <atomic>
#include <string>

namespace sluice {

/// Copies a database that is in use, as it is at one moment: on a connection of its own in one read transaction, so
/// that nobody who writes waits for it. `target` (mode 0600) must not exist; it is on disk when this returns.
/// Blocks for as long as the disks take. Throws std::runtime_error and removes `target` where it fails, and when
/// `stop` becomes true meanwhile.
void copy_sqlite(const std::string& source, const std::string& target, const std::atomic<bool>& stop);

}  // namespace sluice
