#pragma once

#include <memory>
#include <string>

#include "outputs/output.h"
#include "outputs/output_queue.h"
#include "sluice/function.h"

namespace sluice::livestream {

struct HlsOutputOptions {
  std::string folder;  ///< made (0700) where it is missing
  std::chrono::milliseconds part{250};
  QueueLimits queue{};
};

/// Writes the program as files for HLS: `init-<g>.mp4` for each format, segments `segment-<n>.m4s`, and their parts
/// `segment-<n>.<p>.m4s`, whose bytes are the segment's.
///
/// A file has its name only when it is whole: it is written under another one (`.tmp` behind it) and renamed. None is
/// deleted here. A part is never longer than `part`; where the frame rate allows it, none but a segment's last is
/// shorter than 85 % of that (RFC 8216bis section 4.4.4.9). Where the disk refuses, the segment is given up, its number
/// is left out, and it goes on with the next one, after a discontinuity.
class HlsOutput final : public Output {
 public:
  /// @param report  A file is there. Called on the output's thread.
  HlsOutput(HlsOutputOptions options, Function<void(const HlsFile&)> report);
  HlsOutput(const HlsOutput&) = delete;
  HlsOutput& operator=(const HlsOutput&) = delete;
  ~HlsOutput() override;  ///< finish()

  void put(const ProgramPacketPtr& packet) override;
  /// Writes what waits, and ends the segment.
  void finish() override;

  /// What the disk says, for people; empty: all is well. Any thread.
  [[nodiscard]] std::string problem() const;
  /// Of video that the disk was too slow for. Any thread.
  [[nodiscard]] std::uint64_t dropped_frames() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::livestream
