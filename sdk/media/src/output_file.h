#pragma once

#include <cstdint>
#include <string>

#include "ffmpeg.h"

namespace sluice::media::ffmpeg {

/// A file that FFmpeg writes through a buffer: created for its owner alone, errors as the system gave them.
class OutputFile {
 public:
  /// Creates or empties it.
  explicit OutputFile(const std::string& path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  /// What is still in the buffer is dropped.
  ~OutputFile();

  [[nodiscard]] AVIOContext* io() const noexcept { return io_; }
  /// Hands the buffer to the system. @return FFmpeg's error, or 0.
  int flush() noexcept;
  /// Waits until the disk has it, and closes. @return FFmpeg's error, or 0.
  int close() noexcept;
  /// How long the file is.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  static int write(void* self, std::uint8_t* data, int bytes) noexcept;
  static std::int64_t seek(void* self, std::int64_t offset, int whence) noexcept;

  int descriptor_ = -1;
  AVIOContext* io_ = nullptr;  // owned; its buffer, which it may replace, too
  std::uint64_t position_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace sluice::media::ffmpeg
