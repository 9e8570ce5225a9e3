#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "outputs/output.h"
#include "program/moment.h"
#include "program/segment_grid.h"
#include "sluice/media/coders.h"
#include "stream_job.h"

namespace sluice::livestream {

/// Codes the moments of the program: H264 and AAC, with a key frame at the first picture of each segment. What goes as
/// it came is not coded.
/// @note One thread at a time.
class ProgramCoder {
 public:
  /// Borrows the output. Throws media::MediaError where an encoder cannot be used.
  ProgramCoder(const ProgramOrder& order, Output& output);

  void code(ProgramMoment&& moment);
  /// What the encoders still hold.
  void finish();

 private:
  void code_picture(const ProgramMoment& moment);
  void pass(PassedFrame&& frame);
  void begin_composing();
  void end_composing();
  void code_sound(const media::AudioBlock& sound);
  void put_composed(std::vector<media::Packet>&& packets);
  void put_sound(std::vector<media::Packet>&& packets);
  void put_video(media::Packet&& packet);

  ProgramOrder order_;
  Output& output_;
  SegmentGrid asked_;  // key frames that the encoder was asked for
  SegmentGrid begun_;  // those that came
  media::AudioEncoder audio_;
  std::optional<media::VideoEncoder> video_;  // none: the picture goes as it came
  ProgramFormatPtr format_;                   // of what is put
  std::optional<MediaTime> last_picture_;     // that was put
  MediaTime last_step_;                       // from the one before to it
  bool new_format_ = true;                    // since the last picture
};

}  // namespace sluice::livestream
