#pragma once

#include <cstdarg>
#include <string>
#include <vector>

namespace sluice::media::ffmpeg {

/// While it lives, what FFmpeg says of errors on this thread is kept here instead of printed: it may say more than the
/// error that it returns, and may repeat what is to be printed nowhere. The innermost one has it.
class LogCapture {
 public:
  LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;
  ~LogCapture();

  /// The first eight, in order.
  [[nodiscard]] const std::vector<std::string>& errors() const noexcept { return errors_; }

  /// Of av_log's callback, of an error. @return false: nobody keeps it on this thread.
  static bool take(void* context, int level, const char* format, va_list arguments);

 private:
  std::vector<std::string> errors_;
  LogCapture* outer_;
};

}  // namespace sluice::media::ffmpeg
