#pragma once

#include <optional>
#include <string>
#include <vector>

#include "production_plan.h"
#include "production_program.h"
#include "production_sound.h"
#include "production_track.h"
#include "production_writer.h"
#include "sluice/function.h"

namespace sluice::recording {

/// All that making a product needs, read and decided before.
struct Making {
  const ProductionOrder& order;
  const Session& session;
  const Timeline& timeline;
  const Survey& survey;
  Missing& missing;
  ProductPlan plan{};
  ProductFileOptions file{};
};

/// What came of it, beside the file.
struct Made {
  MediaTime duration{};
  media::Size size{};           ///< of the picture
  media::VideoFrame thumbnail;  ///< a picture at 10 %, or the first with somebody in it
};

/// Makes the recording's file: one of three ways, which is the writer's second half. Streams the files in step, so that
/// what it holds does not grow with the length of the meeting.
class ProductMaker {
 public:
  /// Called with what is done, 0 to 1. False: stop.
  using OnProgress = Function<bool(double)>;

  ProductMaker(const Making& making, OnProgress on_progress);

  /// Nothing: stopped.
  [[nodiscard]] std::optional<Made> compose();
  /// The pictures as they are; of the file's only track.
  [[nodiscard]] std::optional<Made> copy(std::size_t track);
  [[nodiscard]] std::optional<Made> mix_only();

 private:
  [[nodiscard]] std::vector<TrackStream> streams_of(MediaKind kind) const;
  [[nodiscard]] Program make_program() const;
  [[nodiscard]] bool report(MediaTime done);
  void put_sound(ProductWriter& writer, MediaTime until);

  const Making& making_;
  OnProgress on_progress_;
  std::optional<SoundMix> sound_;
  std::int64_t sound_frames_ = 0;  // so far
};

}  // namespace sluice::recording
