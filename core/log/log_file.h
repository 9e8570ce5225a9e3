#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Where lines end up: standard error, or a file that is rotated and can be opened anew. Whatever the disk says, it
/// goes on. Not thread-safe: the LogWriter's thread owns it.
class LogFile {
 public:
  struct Options {
    std::string path;               ///< empty: standard error
    std::size_t rotate_bytes = 0;   ///< 0: never
    std::size_t rotated_files = 0;  ///< kept as `path.1` (the latest), `path.2`, ...; 0: the old lines go
  };

  /// Appends to the file, which is made where there is none. Throws std::runtime_error if it cannot be opened.
  explicit LogFile(Options options);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  /// @param lines  Whole lines.
  /// @return how many of them were lost: the disk is full, or gone. A line that was cut off is lost.
  [[nodiscard]] std::size_t write(std::string_view lines);
  /// Opens the path again, after somebody has moved the file away (logrotate). Where that fails the old one stays.
  void reopen();

 private:
  [[nodiscard]] std::size_t append(std::string_view lines);
  void rotate();

  Options options_;
  int descriptor_;
  std::size_t size_ = 0;
  bool torn_ = false;  // the last line was cut off: the next one must not continue it
};

}  // namespace sluice
