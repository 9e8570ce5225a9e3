#include "journal_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace sluice::recording {
namespace {

constexpr int kNone = -1;

[[noreturn]] void refuse(const std::string& what, int error) {
  throw std::system_error{error, std::generic_category(), what};
}

/// Best effort: a file system that cannot promise room gives none.
void reserve_room(const std::string& path) noexcept {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor == kNone) return;
  (void)::posix_fallocate(descriptor, 0, JournalWriter::kReserveBytes);
  ::close(descriptor);
}

}  // namespace

JournalWriter::JournalWriter(const std::string& folder) : reserve_{folder + "/" + std::string{kReserveFile}} {
  const std::string path = folder + "/" + std::string{kJournalFile};
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor_ == kNone) refuse(path, errno);
  reserve_room(reserve_);
}

JournalWriter::JournalWriter(JournalWriter&& other) noexcept
    : reserve_{std::exchange(other.reserve_, {})},
      descriptor_{std::exchange(other.descriptor_, kNone)},
      bytes_{other.bytes_} {}

JournalWriter::~JournalWriter() {
  if (descriptor_ != kNone) ::close(descriptor_);
}

void JournalWriter::append(const JournalEntry& entry) {
  const std::string line = to_line(entry);
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t written = ::write(descriptor_, line.data() + done, line.size() - done);
    if (written > 0) {
      done += static_cast<std::size_t>(written);
    } else if (written == 0 || errno != EINTR) {
      const int error = written == 0 ? ENOSPC : errno;
      // A line cut in the middle of the journal would be taken for damage.
      if (done > 0 && ::ftruncate(descriptor_, static_cast<off_t>(bytes_)) != 0) refuse("journal", errno);
      refuse("journal", error);
    }
  }
  bytes_ += line.size();
}

void JournalWriter::sync() {
  // Things that are not on a disk cannot be synchronised, and need not be.
  if (::fdatasync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) refuse("journal", errno);
}

void JournalWriter::release_reserve() noexcept {
  if (!reserve_.empty()) ::unlink(reserve_.c_str());
  reserve_.clear();
}

}  // namespace sluice::recording
