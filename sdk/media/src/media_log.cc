#include "media_log.h"

#include <array>

extern "C" {
#include <libavutil/log.h>
}

namespace sluice::media::ffmpeg {

namespace {

constexpr std::size_t kMaxErrors = 8;
constexpr std::size_t kMaxLine = 1'024;

thread_local LogCapture* innermost = nullptr;

}  // namespace

LogCapture::LogCapture() : outer_{innermost} { innermost = this; }
LogCapture::~LogCapture() { innermost = outer_; }

bool LogCapture::take(void* context, int level, const char* format, va_list arguments) {
  if (innermost == nullptr) return false;
  auto& errors = innermost->errors_;
  if (errors.size() >= kMaxErrors) return true;
  std::array<char, kMaxLine> line{};
  int print_prefix = 0;  // an address of the process' memory
  av_log_format_line2(context, level, format, arguments, line.data(), static_cast<int>(line.size()), &print_prefix);
  errors.emplace_back(line.data());
  return true;
}

}  // namespace sluice::media::ffmpeg
