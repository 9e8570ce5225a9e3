#include "output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sluice::media::ffmpeg {

namespace {
constexpr int kBufferBytes = 64 * 1024;
}

OutputFile::OutputFile(const std::string& path)
    : descriptor_{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)} {
  if (descriptor_ < 0) fail(path, AVERROR(errno));
  if (auto* const buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes)); buffer != nullptr) {
    io_ = avio_alloc_context(buffer, kBufferBytes, 1, this, nullptr, write, seek);
    if (io_ == nullptr) av_free(buffer);
  }
  if (io_ != nullptr) return;
  ::close(descriptor_);
  throw std::bad_alloc{};
}

OutputFile::~OutputFile() {
  av_freep(&io_->buffer);
  avio_context_free(&io_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

int OutputFile::flush() noexcept {
  avio_flush(io_);
  return io_->error < 0 ? io_->error : 0;
}

int OutputFile::close() noexcept {
  const auto flushed = flush();
  // Things that are not on a disk (pipes, devices) cannot be synchronised, and need not be.
  const auto synced = ::fsync(descriptor_) == 0 || errno == EINVAL || errno == EROFS ? 0 : AVERROR(errno);
  const auto closed = ::close(std::exchange(descriptor_, -1)) == 0 ? 0 : AVERROR(errno);
  if (flushed < 0) return flushed;
  return synced < 0 ? synced : closed;
}

int OutputFile::write(void* self, std::uint8_t* data, int bytes) noexcept {
  auto& file = *static_cast<OutputFile*>(self);
  for (int done = 0; done < bytes;) {
    const auto written = ::write(file.descriptor_, data + done, static_cast<std::size_t>(bytes - done));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? AVERROR(errno) : AVERROR(ENOSPC);
    done += static_cast<int>(written);
    file.position_ += static_cast<std::uint64_t>(written);
    file.size_ = std::max(file.size_, file.position_);
  }
  return bytes;
}

std::int64_t OutputFile::seek(void* self, std::int64_t offset, int whence) noexcept {
  auto& file = *static_cast<OutputFile*>(self);
  if ((whence & AVSEEK_SIZE) != 0) return static_cast<std::int64_t>(file.size_);
  const auto position = ::lseek(file.descriptor_, offset, whence & ~AVSEEK_FORCE);
  if (position < 0) return AVERROR(errno);
  file.position_ = static_cast<std::uint64_t>(position);
  return position;
}

}  // namespace sluice::media::ffmpeg
