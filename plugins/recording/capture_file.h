#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sluice/media/frame_assembler.h"
#include "sluice/media/media_file.h"
#include "sluice/time.h"

namespace sluice::recording {

/// One track's Matroska file. Every function throws media::MediaError, or std::system_error.
/// @note One thread at a time; blocks on the disk.
class CaptureFile {
 public:
  /// Begun by its first frame, whose pts is zero.
  CaptureFile(const std::string& path, const media::TrackFormat& format, std::uint32_t clock_rate,
              std::int64_t first_timestamp);
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;
  ~CaptureFile();

  void write(media::RtpFrame&& frame, Instant now);
  /// What was written survives the process, once it is a second old.
  void flush_if_due(Instant now);
  /// What was flushed survives the machine.
  void sync();
  void finish();
  [[nodiscard]] std::uint64_t bytes() const noexcept { return writer_.bytes(); }

 private:
  [[nodiscard]] media::MediaTime pts_of(std::int64_t timestamp) const noexcept;

  media::Codec codec_;
  std::int64_t clock_rate_;
  std::int64_t first_timestamp_;
  media::FileWriter writer_;
  int descriptor_;  // a second one, for what FileWriter has no word for
  std::optional<media::MediaTime> last_dts_{};
  std::optional<Instant> unflushed_since_{};
  bool unsynced_ = false;
};

}  // namespace sluice::recording
