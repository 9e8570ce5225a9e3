#include "core/log/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace sluice {

namespace {

constexpr mode_t kMode = 0640;  // no secrets, but who met whom

int open_log(const std::string& path) { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kMode); }

std::size_t size_of(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && status.st_size > 0 ? static_cast<std::size_t>(status.st_size) : 0;
}

std::size_t count_lines(std::string_view text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

std::string numbered(const std::string& path, std::size_t number) { return path + "." + std::to_string(number); }

/// @return how many bytes were taken; fewer than all: the disk is full, or gone.
std::size_t write_all(int descriptor, std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const auto size = ::write(descriptor, bytes.data() + written, bytes.size() - written);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    written += static_cast<std::size_t>(size);
  }
  return written;
}

}  // namespace

LogFile::LogFile(Options options) : options_{std::move(options)}, descriptor_{STDERR_FILENO} {
  if (options_.path.empty()) return;
  descriptor_ = open_log(options_.path);
  if (descriptor_ < 0) {
    throw std::runtime_error{"log.file: cannot open " + options_.path + ": " + std::generic_category().message(errno)};
  }
  size_ = size_of(descriptor_);
}

LogFile::~LogFile() {
  if (!options_.path.empty()) ::close(descriptor_);
}

std::size_t LogFile::write(std::string_view lines) {
  std::size_t lost = 0;
  while (!lines.empty()) {
    std::string_view part = lines;
    if (!options_.path.empty() && options_.rotate_bytes > 0 && size_ + lines.size() > options_.rotate_bytes) {
      // As many lines as the file still takes; a line longer than the file may be gets one of its own.
      const std::size_t room = options_.rotate_bytes > size_ ? options_.rotate_bytes - size_ : 0;
      const std::size_t end = room == 0 ? std::string_view::npos : lines.rfind('\n', room - 1);
      if (end != std::string_view::npos) {
        part = lines.substr(0, end + 1);
      } else if (size_ > 0) {
        rotate();
        continue;
      } else {
        part = lines.substr(0, std::min(lines.find('\n'), lines.size() - 1) + 1);
      }
    }
    lost += append(part);
    lines.remove_prefix(part.size());
  }
  return lost;
}

std::size_t LogFile::append(std::string_view lines) {
  if (torn_ && write_all(descriptor_, "\n") == 0) return count_lines(lines);
  torn_ = false;
  const std::size_t written = write_all(descriptor_, lines);
  size_ += written;
  if (written == lines.size()) return 0;
  torn_ = written > 0 && lines[written - 1] != '\n';
  return count_lines(lines.substr(written));
}

void LogFile::rotate() {
  // Where the folder does not let files be renamed, the file goes on growing: lines matter more than its size.
  size_ = 0;
  if (options_.rotated_files == 0) {
    static_cast<void>(::ftruncate(descriptor_, 0));
    return;
  }
  for (std::size_t number = options_.rotated_files; number > 1; --number) {
    static_cast<void>(
        std::rename(numbered(options_.path, number - 1).c_str(), numbered(options_.path, number).c_str()));
  }
  static_cast<void>(std::rename(options_.path.c_str(), numbered(options_.path, 1).c_str()));
  const int fresh = open_log(options_.path);
  if (fresh < 0) return;
  ::close(std::exchange(descriptor_, fresh));
  torn_ = false;
}

void LogFile::reopen() {
  if (options_.path.empty()) return;
  const int fresh = open_log(options_.path);
  if (fresh < 0) return;
  ::close(std::exchange(descriptor_, fresh));
  size_ = size_of(descriptor_);
  torn_ = false;
}

}  // namespace sluice
