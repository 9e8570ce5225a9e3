#pragma once

#include <memory>
#include <string>

#include "core/store/database.h"

namespace sluice {

/// Opens the SQLite database in the file `path`, and creates it (mode 0600) where there is none; its folder must exist.
/// Write-ahead log, synchronous=FULL (a commit has reached the disk when it returns), foreign keys enforced, text in
/// double quotes refused as standard SQL has it. Waits 5 s for a lock that another process holds.
/// Throws std::runtime_error that names the file. Blocks.
[[nodiscard]] std::unique_ptr<Database> open_sqlite(const std::string& path);

/// Opens it later, for StoreEngine.
[[nodiscard]] OpenDatabase sqlite_opener(std::string path);

}  // namespace sluice
