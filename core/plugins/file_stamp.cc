#include "core/plugins/file_stamp.h"

#include <sys/stat.h>

namespace sluice {

std::optional<FileStamp> stamp_of(const std::string& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  return FileStamp{.device = found.st_dev,
                   .inode = found.st_ino,
                   .modified_ns = std::int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec,
                   .bytes = static_cast<std::uint64_t>(found.st_size)};
}

}  // namespace sluice
