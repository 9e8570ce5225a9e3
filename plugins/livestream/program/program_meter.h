#pragma once

#include <cstdint>
#include <optional>

#include "outputs/output.h"
#include "program/moment.h"
#include "stream_job.h"

namespace sluice::livestream {

/// What is reported of the program once a second of its own time.
class ProgramMeter {
 public:
  static constexpr MediaTime kEach = std::chrono::seconds{1};
  /// Frames that were dropped in the last so long mean that the machine is too slow.
  static constexpr MediaTime kOverloadedFor = std::chrono::seconds{5};

  void on_packet(const ProgramPacket& packet) noexcept;
  void on_moment(MediaTime at, const ProgramState& state) noexcept;
  /// Without the outputs'. Nothing: a second is not over.
  [[nodiscard]] std::optional<ProgramFigures> take(MediaTime at);

 private:
  struct Counts {
    std::int64_t frames = 0;
    std::int64_t video_bytes = 0;
    std::int64_t audio_bytes = 0;
  };
  Counts counts_;
  Counts told_;  // at told_at_
  MediaTime told_at_{};
  ProgramState state_;
  std::optional<MediaTime> last_drop_;
};

}  // namespace sluice::livestream
