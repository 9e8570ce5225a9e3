#pragma once

#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace sluice {

/// Owns a descriptor and closes it.
class FileDescriptor {
 public:
  /// @param what  The call that gave `fd`; thrown as std::system_error with errno where `fd` is negative.
  FileDescriptor(int fd, const char* what) : fd_{fd} {
    if (fd_ < 0) throw std::system_error{errno, std::generic_category(), what};
  }
  FileDescriptor(FileDescriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const noexcept { return fd_; }
  /// Leaves closing it to the caller.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace sluice
