#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/time.h"

namespace sluice {

/// The copies of the database in a folder: `sluice-20260730T100500.123Z.db`, by the time in UTC at which each was
/// begun. Files of other names are nobody's business and stay.
///
/// A copy has its name once it is whole and on disk. One that broke off (`.sluice-....db.part`) is removed by the next.
/// @note Blocks; one `make` at a time, on any thread.
class StoreBackups {
 public:
  struct Options {
    std::string database;  ///< its file
    std::string folder;    ///< made where it is missing
    std::size_t kept = 7;  ///< so many of the newest stay
  };
  struct Backup {
    std::string name;
    std::uint64_t bytes = 0;
    WallTime begun_at;
  };

  explicit StoreBackups(Options options);

  /// Copies the database, and removes the oldest copies beyond `kept`. Throws std::runtime_error; then no copy of this
  /// name is there. `stop` ends it early.
  [[nodiscard]] Backup make(WallTime now, const std::atomic<bool>& stop) const;
  /// The newest first. Throws std::runtime_error where the folder cannot be read.
  [[nodiscard]] std::vector<Backup> list() const;
  /// The file of a copy; nothing for a name that is no copy's. Whether it is there is not looked at.
  [[nodiscard]] std::optional<std::string> file_of(std::string_view name) const;

 private:
  void remove_broken_off() const;
  void remove_oldest() const;

  Options options_;
};

/// `sluice-20260730T100500.123Z.db`, and back; nothing for what is no such name.
[[nodiscard]] std::string backup_name(WallTime begun_at);
[[nodiscard]] std::optional<WallTime> backup_time(std::string_view name);

}  // namespace sluice
