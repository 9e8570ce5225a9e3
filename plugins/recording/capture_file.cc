#include "capture_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace sluice::recording {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFlushAfter = 1s;
/// Of Matroska's clock.
constexpr media::MediaTime kTick = 1ms;

}  // namespace

CaptureFile::CaptureFile(const std::string& path, const media::TrackFormat& format, std::uint32_t clock_rate,
                         std::int64_t first_timestamp)
    : codec_{format.codec},
      clock_rate_{clock_rate},
      first_timestamp_{first_timestamp},
      writer_{path, {.container = media::Container::matroska, .tracks = {format}}},
      descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {
  if (descriptor_ < 0) throw std::system_error{errno, std::generic_category(), path};
}

CaptureFile::~CaptureFile() { ::close(descriptor_); }

void CaptureFile::write(media::RtpFrame&& frame, Instant now) {
  // Decoding order is the order in which frames come. H264 may show them in another (RFC 6184 section 5.1), so that
  // only a clock that lags can grow and stay behind all that is to come; Matroska keeps nothing of it.
  const media::MediaTime pts = pts_of(frame.timestamp);
  const media::MediaTime least = last_dts_ ? *last_dts_ + kTick : media::MediaTime::zero();
  const media::MediaTime dts = codec_ == media::Codec::h264 ? least : std::max(pts, least);
  writer_.write({.data = std::move(frame.data), .pts = std::max(pts, dts), .dts = dts, .key_frame = frame.key_frame});
  last_dts_ = dts;
  if (!unflushed_since_) unflushed_since_ = now;
}

void CaptureFile::flush_if_due(Instant now) {
  if (!unflushed_since_ || now - *unflushed_since_ < kFlushAfter) return;
  writer_.flush();
  unflushed_since_.reset();
  unsynced_ = true;
}

void CaptureFile::sync() {
  if (!std::exchange(unsynced_, false)) return;
  // Things that are not on a disk cannot be synchronised, and need not be.
  if (::fdatasync(descriptor_) == 0 || errno == EINVAL || errno == EROFS) return;
  throw std::system_error{errno, std::generic_category(), "fdatasync"};
}

void CaptureFile::finish() { writer_.finish(); }

media::MediaTime CaptureFile::pts_of(std::int64_t timestamp) const noexcept {
  // A sender may let its timestamps jump as it likes: a century is more than any recording has, and cannot overflow.
  constexpr std::int64_t kCentury = std::int64_t{100} * 366 * 24 * 3'600;
  constexpr std::int64_t kMicroseconds = 1'000'000;
  const std::int64_t ticks = timestamp - first_timestamp_;
  const std::int64_t seconds = std::clamp(ticks / clock_rate_, -kCentury, kCentury);
  return media::MediaTime{seconds * kMicroseconds + ticks % clock_rate_ * kMicroseconds / clock_rate_};
}

}  // namespace sluice::recording
