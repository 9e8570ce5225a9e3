#pragma once

#include "sluice/media/codec.h"

namespace sluice::livestream {

/// The times at which segments are to begin: multiples of their length.
class SegmentGrid {
 public:
  explicit SegmentGrid(media::MediaTime length) noexcept : length_{length} {}

  /// Whether a segment that has not begun is due.
  [[nodiscard]] bool is_due(media::MediaTime at) const noexcept { return at / length_ > begun_; }
  void begin(media::MediaTime at) noexcept { begun_ = at / length_; }

 private:
  media::MediaTime length_;
  std::int64_t begun_ = -1;
};

}  // namespace sluice::livestream
