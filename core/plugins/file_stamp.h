#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace sluice {

/// Which file stands under a name, and in which version.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;  ///< since the epoch
  std::uint64_t bytes = 0;

  [[nodiscard]] bool same_file(const FileStamp& other) const noexcept {
    return device == other.device && inode == other.inode;
  }
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// Nothing where there is no regular file of that name. Any thread.
[[nodiscard]] std::optional<FileStamp> stamp_of(const std::string& file);

}  // namespace sluice
